import Link from "next/link";

export default () => (
  <article>
    <Link href="/">Home</Link>
    <div dangerouslySetInnerHTML={{ __html: `@figure@` }} />
    <div dangerouslySetInnerHTML={{ __html: `@frame@` }} />
  </article>
);
