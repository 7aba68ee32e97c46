import { StrictMode, useEffect, useState } from "react";

/** Both pages. */
export function App({ path: first }) {
  const [path, go] = useState(first);
  const [dark, paint] = useState(false);
  useEffect(() => {
    const back = () => go(location.pathname);
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const link = (to, text) => <a href={to} onClick={(event) => { event.preventDefault(); history.pushState(null, "", to); go(to); }}>{text}</a>;
  return (
    <StrictMode>
      <html lang="en" style={{ colorScheme: dark ? "dark" : "light" }}>
        <head><meta charSet="utf-8" /><title>A blog</title></head>
        <body>
          <button id="dark" onClick={() => paint(!dark)}>Dark</button>
          {path === "/" ? link("/posts/locks/", "Read of locks") : <article>
            {link("/", "Home")}
            <script type="module" async src="/lock-lab/lock-lab.js" />
            <lock-lab figure="lock-cost" config={{ threads: 3 }} times={2} wait-ms={5} loops={1000}><a href="/lock-lab/index.html">Lock cost</a></lock-lab>
            <div dangerouslySetInnerHTML={{ __html: `@frame@` }} />
          </article>}
        </body>
      </html>
    </StrictMode>
  );
}
