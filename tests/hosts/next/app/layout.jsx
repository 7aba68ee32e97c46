/** Rendered anew for each reader. */
export const dynamic = "force-dynamic";

export default ({ children }) => (
  <html lang="en">
    <body>
      <script type="module" async src="/lock-lab/lock-lab.js" />
      {children}
    </body>
  </html>
);
