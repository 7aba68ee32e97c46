//! `cargo xtask hosts --real`: the lines of *Share, embed* in a post of a real site, made by its own generator. What becomes of them stands in
//! docs/hosting.md afterwards. The sites are in tests/hosts/, one folder each; what they need is installed beside what they make, in target/hosts/.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::engine::{Engine, root, target};
use crate::hosts::{element_outcome, means};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::process::Process;
use crate::runner::Runner;

use super::sites::{REAL, Real};
use super::{Order, editor, fill};

const NPM: &str = "npm install --prefix . --no-audit --no-fund --ignore-scripts";
const PIP: &str = "{ python3 -m venv .venv || { apt-get install --yes --quiet=2 python3-venv && python3 -m venv .venv; }; } && .venv/bin/pip install --quiet";
/// What it installs is not to start.
const APT: &str = "RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends";

const HEAD_ROW: &str = "| made by | how | Chromium | Firefox | WebKitGTK | follows its dark switch | picture and link in its feed |\n|---|---|---|---|---|---|---|\n";

/// Slides that are not shown may be there, and clear.
const SEEN: &str = "lab().checkVisibility({ visibilityProperty: true, opacityProperty: true })";

/// Where sites are that have a server of their own.
const HOME: &str = "http://127.0.0.1:8719/";

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
        let site = make(real, &lines)?;
        let server = serve(&site)?;
        if server.is_none() {
            runner.serve(site.join("out"))?;
        }
        if real.name == "wordpress" {
            runner.with_page(Engine::Chromium, "editor", Duration::from_secs(180), |page| {
                editor::write(page, HOME, &lines[..2]);
            })?;
        }
        let mut row = format!("| {maker} | {how} |");
        for &engine in order.engines {
            let found = runner.with_page(engine, real.name, Duration::from_secs(180), |page| {
                let home = page.site.plain.url("");
                visit(page, real, if server.is_some() { HOME } else { &home })
            });
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

/// Starts a site's own server, where it has one, and waits for it.
fn serve(site: &Path) -> Result<Option<Process>, String> {
    if !site.join("serve.sh").is_file() {
        return Ok(None);
    }
    let mut command = Command::new("sh");
    let server = Process::start(command.arg("serve.sh").current_dir(site), &site.join("log"));
    let mut server = server.map_err(|error| format!("{}: {error}", site.display()))?;
    let address = HOME.trim_start_matches("http://").trim_end_matches('/');
    while TcpStream::connect(address).is_err() {
        if server.has_ended() {
            return Err(format!("{}: its server has ended: {}", site.display(), server.output()));
        }
        sleep(Duration::from_millis(100));
    }
    Ok(Some(server))
}

/// Makes a site with the lines in it; gives its folder.
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
    Ok(site)
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
fn visit(page: &Page, real: &Real, home: &str) -> String {
    page.prefer_scheme("light");
    page.open(home);
    if !real.feed.is_empty() {
        let script = format!("return fetch('{home}{}').then((feed) => feed.text())", real.feed);
        let feed = page.js(&script).to_string();
        for part in ["cards/lock-cost.png", "index.html?figure=lock-cost"] {
            assert!(feed.contains(part), "its feed has no picture with a link: {feed}");
        }
    }
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
