import Link from "next/link";

export default () => <Link href="/posts/locks/">Read of locks</Link>;
