import { mkdirSync, writeFileSync } from "node:fs";
import { renderToString } from "react-dom/server";
import { App } from "./app.jsx";

for (const path of ["/", "/posts/locks/"]) {
  mkdirSync(`out${path}`, { recursive: true });
  const html = renderToString(<App path={path} />).replace("</body>", '<script type="module" src="/client.js"></script></body>');
  writeFileSync(`out${path}index.html`, `<!doctype html>${html}`);
}
