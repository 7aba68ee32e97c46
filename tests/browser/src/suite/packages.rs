//! What `cargo xtask package` makes for authors, put where an author puts it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use regex::Regex;
use serde_json::json;
use xtask::server::{Headers, Options, Server};

use super::{Case, cases};
use crate::engine::{Engine, Variant, root};
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::{list, text};
use crate::site::Origin;

/// The tests.
pub const CASES: &[Case] = cases![
    what_authors_download_is_live_where_it_is_unpacked.only(&[Engine::Chromium]),
    every_line_of_the_dialog_works_as_pasted.only(&[Engine::Chromium]),
    where_no_script_comes_the_lines_show_a_picture_and_a_link,
    what_a_theme_says_of_frames_does_not_change_a_figures.within(120),
    // In letters that are the same on every machine: what is kept here is kept to the pixel.
    a_pasted_frame_needs_no_bar_whatever_its_width.with(Variant::WideFonts).within(360),
    a_page_that_was_not_scrolled_prints_every_figure.only(&[Engine::Chromium]),
    a_text_in_a_figure_that_is_far_away_is_found.only(&[Engine::Chromium]),
];

/// What the dialog's lines should make.
const QUERY: &str = "figure=lock-cost&threads=4&times=3&wait-ms=5&loops=1000";

/// The zip of `cargo xtask package`, unpacked beside a post and served as plain files at a path of a site: the lines of its README, and those of
/// docs/embed.md, as pasted.
fn what_authors_download_is_live_where_it_is_unpacked(page: &Page) {
    let folder = tempfile::tempdir().expect("a folder");
    let blog = folder.path().join("site/blog/2026");
    let made = xtask::package::write(&page.site.folder, &folder.path().join("made"), "a test")
        .expect("packages");
    let zip = made
        .iter()
        .find(|path| path.extension().is_some_and(|ending| ending == "zip"))
        .expect("a zip");
    zip::ZipArchive::new(std::fs::File::open(zip).expect("a file"))
        .expect("a zip")
        .extract(&blog)
        .expect("unpacked");
    let readme = std::fs::read_to_string(blog.join("lock-lab/README.md")).expect("a README");
    let lines: Vec<_> = readme
        .split("```html\n")
        .skip(1)
        .filter_map(|block| block.split_once("```").map(|(lines, _)| lines))
        .collect();
    assert_eq!(lines.len(), 2, "an element and a frame: {readme}");
    let head = "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><link rel='icon' href='data:,'>";
    let guide = std::fs::read_to_string(root().join("docs/embed.md")).expect("the guide");
    let given = guide.split("```html\n").nth(1).and_then(|block| block.split_once("```"));
    let given = given.expect("the guide's lines").0;
    assert!(guide.lines().count() <= 60, "the guide is short");
    for (name, line) in
        [("element.html", lines[0]), ("frame.html", lines[1]), ("guide.html", given)]
    {
        std::fs::write(blog.join(name), format!("{head}<body>{line}")).expect("written");
    }
    let options = Options { headers: Headers::Plain, ..Options::new(folder.path().join("site")) };
    let server = Server::start(options).expect("a server");
    let post = |name: &str| format!("{}blog/2026/{name}", server.url());
    for name in ["element.html", "guide.html"] {
        page.open(&post(name));
        page.wait_state("lock-lab", "ready");
        assert_eq!(page.get("lock-lab", "config")["threads"], 20);
    }
    page.open(&post("frame.html"));
    page.enter_frame("document.querySelector('iframe')");
    page.wait_state(FIGURE, "ready");
    assert_eq!(page.get(FIGURE, "config")["threads"], 20);
    page.leave_frame();
}

/// The lines for a frame, the element, Jekyll, Hugo and Markdown, each as its tool would write it into one post beside the folder.
fn every_line_of_the_dialog_works_as_pasted(page: &Page) {
    let lab = page.site.post(&page.site.plain, "lock-lab", "", None);
    page.open(&format!("{lab}/index.html?{QUERY}"));
    page.wait_state(FIGURE, "ready");
    let lines = page.lines_to_embed("");
    let lines: Vec<&str> = list(&lines).iter().map(text).collect();
    let base = lab.splitn(4, '/').nth(3).expect("a path");
    let base = format!("/{}", base.trim_end_matches("/lock-lab"));
    let parts = [
        lines[0].to_owned(),
        lines[1].to_owned(),
        by_jekyll(lines[3], &base),
        by_hugo(lines[4], &base),
        by_markdown(lines[5]),
    ];
    // What the guide gives to who pastes frames.
    let guide = std::fs::read_to_string(root().join("docs/hosting.md")).expect("the guide");
    let follows = guide
        .split("```html\n")
        .find(|block| block.starts_with("<script>") && block.contains("lab-height"))
        .and_then(|block| block.split_once("```"))
        .expect("a script for frames")
        .0;
    let html = format!(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><meta name='viewport' content='width=device-width'>\
         <link rel='icon' href='data:,'><body>{follows}{}",
        parts.join("\n<hr>\n")
    );
    let post = page.site.post(&page.site.plain, "post.html", &html, None);
    page.open(&post);
    let expected = json!({ "threads": 4, "times": 3, "waitMs": 5, "loops": 1000, "counter": "std-mutex", "gil": "off" });
    keeps_room(page, lines[0]);
    let count = page.js("return document.querySelectorAll('lock-lab').length");
    assert_eq!(count, 3, "element, Jekyll, Hugo: {html}");
    for at in 0..3 {
        let one = format!("document.querySelectorAll('lock-lab')[{at}]");
        page.js(&format!("{one}.scrollIntoView()"));
        page.wait(&format!("it is live: {}", parts[at + 1]), &format!("{one}.state === 'ready'"));
        assert_eq!(page.js(&format!("return {one}.config")), expected, "{}", parts[at + 1]);
    }
    page.js("document.querySelector('p img').scrollIntoView()");
    page.wait("the picture is there", "document.querySelector('p img').naturalWidth === 1200");
    page.js("document.querySelector('iframe').scrollIntoView()");
    page.enter_frame("document.querySelector('iframe')");
    page.wait_state(FIGURE, "ready");
    assert_eq!(page.get(FIGURE, "config"), expected);
    page.leave_frame();
    page.wait(
        "the frame has the height of what is in it",
        "document.querySelector('iframe').clientHeight !== 0 && document.querySelector('iframe').style.height.endsWith('px')",
    );
    page.click("document.querySelector('p img')");
    page.wait_state(FIGURE, "ready");
    assert_eq!(page.get(FIGURE, "config"), expected, "the picture's link leads there");
}

/// The lines keep the room that the figure takes, where there is room and in the narrowest column, whatever the window's width; before anything of it
/// has come, and when it has.
#[track_caller]
fn keeps_room(page: &Page, frame: &str) {
    assert!(page.set_viewport(1280, 900), "no window of 1280 px");
    let place = std::fs::read_to_string(root().join("www/figures/lock-cost/figure.js"))
        .expect("the heights");
    let heights = Regex::new(r"(?m)^  heights: \[(\d+), (\d+)\]").expect("a pattern");
    let heights = heights.captures(&place).expect("the figure's heights");
    let style = Regex::new(r#" height: (calc[^"]+)""#).expect("a pattern").captures(frame);
    let style = style.expect("the frame's height")[1].to_owned();
    for (width, height) in [(960, &heights[1]), (708, &heights[1]), (390, &heights[2])] {
        let kept = page.js_with(
            "const column = Object.assign(document.createElement('div'), { style: `width: ${arguments[1]}px; container-type: inline-size`, innerHTML: `<div style=\"height: ${arguments[0]}\"></div><lock-lab figure='lock-cost' lang='en'></lock-lab>` });
             document.body.append(column);
             const figure = column.lastChild;
             const before = [column.firstChild.clientHeight, figure.clientHeight];
             figure.prepare();
             return until(() => ['ready', 'unsupported'].includes(figure.state), 15000).then(() => new Promise((resolve) => setTimeout(resolve, 500))).then(() => {
                 const after = figure.clientHeight;
                 column.remove();
                 return [...before, after].map(String);
             })",
            vec![style.as_str().into(), width.into()],
        );
        let kept = list(&kept).iter().map(text).collect::<Vec<_>>();
        assert_eq!(kept[..2], [height; 2], "kept in a column of {width} px");
        // A frame's page has margins of its own.
        let [kept, taken] = [kept[1], kept[2]].map(|one| one.parse::<f64>().expect("a height"));
        assert!((taken - kept).abs() < 0.02 * kept, "{taken} px taken in a column of {width} px");
    }
}

/// The page of a lab beside a post, and the lines that it offers.
#[track_caller]
fn lines_of(page: &Page) -> Vec<String> {
    lines_for(page, &page.site.plain, QUERY, "")
}

/// Those of another figure, or of a slice of it, on another host.
#[track_caller]
fn lines_for(page: &Page, host: &Origin, query: &str, show: &str) -> Vec<String> {
    let lab = page.site.post(host, "lock-lab", "", None);
    page.open(&format!("{lab}/index.html?{query}"));
    page.wait("the page is there", "['ready', 'unsupported'].includes(lab()?.state)");
    list(&page.lines_to_embed(show)).iter().map(text).map(str::to_owned).collect()
}

/// A script that is blocked or gone, and tools that take scripts away: something is there, and nothing is left empty.
fn where_no_script_comes_the_lines_show_a_picture_and_a_link(page: &Page) {
    let lines = lines_of(page);
    let script = Regex::new("<script[^>]*></script>").expect("a pattern");
    let include = lines[3].split_once("\n\n{% comment %} in a post").expect("an include").0;
    for line in [&lines[1], include] {
        // As a feed's reader has it, which knows no such element either.
        let html = script
            .replace_all(line, "")
            .replace("{% comment %} _includes/lock-lab.html {% endcomment %}", "");
        page.open(&page.site.post(
            &page.site.plain,
            "post.html",
            &crate::lab::document(&format!("<body><div style='width: 700px'>{html}</div>")),
            None,
        ));
        page.js("document.images[0].scrollIntoView()");
        page.wait("the picture is there", "document.images[0].naturalWidth === 1200");
        let seen = page.js("const figure = lab(); const box = figure.firstElementChild.getBoundingClientRect(); return [figure.textContent.trim().length > 5, document.images[0].clientWidth, document.body.scrollHeight - box.height < 60, new URL(document.links[0].href).searchParams.get('threads')]");
        assert_eq!(seen, json!([true, 700, true, "4"]), "{html}");
        assert!(!html.contains("integrity="), "{html}");
    }
}

/// Themes give frames the shape of films, in whatever way they can.
fn what_a_theme_says_of_frames_does_not_change_a_figures(page: &Page) {
    let frame = lines_of(page).swap_remove(0);
    let seen = |theme: &str| {
        page.open_post(&format!(
            "<style>{theme}</style><body><div style='width: 700px'>{frame}<script type='module' src='lab/lock-lab.js'></script>{QUICK}</div>"
        ));
        page.js("return new Promise((resolve) => setTimeout(resolve, 300)).then(() => JSON.stringify(['height', 'width'].map((side) => getComputedStyle(document.querySelector('iframe'))[side])))")
    };
    let clean = seen("");
    for theme in [
        "iframe { height: auto !important }",
        "iframe { height: auto; aspect-ratio: 16 / 9 }",
        "iframe, object, embed { max-width: 100%; max-height: 300px !important }",
        "article iframe, iframe { min-height: 2000px !important }",
    ] {
        assert_eq!(seen(theme), clean, "{theme}");
        // All of it is unfolded.
        page.wait("the element's own follows its figure", "['ready', 'unsupported'].includes(lab()?.state) && (lab().shadowRoot.querySelector('iframe') ?? lab()).clientHeight > 1000");
        assert!(page.is("lab().clientHeight < 2000"), "{theme}: its own height is enough");
    }
}

/// Columns from a small phone's on; about where a figure becomes narrow, and where a bar would make it so.
const COLUMNS: [u32; 13] = [320, 340, 360, 390, 480, 544, 641, 652, 664, 665, 680, 681, 1280];

/// Marks a frame whose figure says where it stands.
const SETTLES: &str = "addEventListener('message', ({ source, data }) => /^(ready|unsupported)$/.test(data.state) && [...document.querySelectorAll('iframe')].find((one) => one.contentWindow === source)?.classList.add('settled'))";

/// A frame at rest, as it comes, without the guide's script, which would give it its figure's height.
fn a_pasted_frame_needs_no_bar_whatever_its_width(page: &Page) {
    let mut high = String::new();
    // In Firefox most figures are not live there, and say so.
    let host = &page.site.plain;
    page.open(&page.site.isolated.url("index.html"));
    let all = page.wait("the figures are known", "customElements.get('lock-lab')?.figures.flatMap(({ name, slices }) => ['', ...slices].map((show) => [name, show]))");
    let languages = ["en", "zh"];
    let some: Vec<_> = if page.engine == Engine::Chromium {
        list(&all).iter().flat_map(|one| languages.map(|language| (one, language))).collect()
    } else {
        // Where a bar takes room is each engine's, how high a figure is hardly: whole ones are enough, each in one language.
        let whole = list(&all).iter().filter(|one| text(&one[1]).is_empty());
        whole.zip(languages.into_iter().cycle()).collect()
    };
    for (i, (one, language)) in some.into_iter().enumerate() {
        let (figure, show) = (text(&one[0]), text(&one[1]));
        let frame = lines_for(page, host, &format!("figure={figure}"), show).swap_remove(0);
        // A third of the columns each time; all together see all.
        let widths = COLUMNS.iter().skip(i % 3).step_by(3);
        let columns: String = widths
            .clone()
            .map(|width| format!("<div style='width: {width}px'>{frame}</div>"))
            .collect();
        let columns = columns.replace("?figure=", &format!("?lang={language}&amp;figure="));
        let post = crate::lab::document(&format!("<script>{SETTLES}</script>{columns}"));
        page.open(&page.site.post(host, "post", &post, None));
        for (at, width) in widths.enumerate() {
            let frame = format!("document.querySelectorAll('iframe')[{at}]");
            page.js(&format!("{frame}.scrollIntoView()"));
            // It may load twice, and a driver that is inside loses it then.
            page.wait("it has settled", &format!("{frame}.matches('.settled')"));
            page.enter_frame(&frame);
            page.wait(
                "somebody's run is shown",
                "lab()?.shadowRoot.querySelector('.recorded > .verdict')?.textContent",
            );
            let px = page.js("return new Promise((resolve) => setTimeout(resolve, 100)).then(() => document.documentElement.scrollHeight - innerHeight)");
            page.leave_frame();
            if px != 0 {
                let _ =
                    writeln!(high, "{figure} {show} in {language} at {width} px: {px} px too high");
            }
        }
    }
    assert!(high.is_empty(), "{high}");
}

/// Only the first figure has been near, all others stand below: in the article, and in a post with and without a picture inside.
fn a_page_that_was_not_scrolled_prints_every_figure(page: &Page) {
    let lines = lines_of(page);
    let far = "<div style='height: 5000px'></div>";
    let post = format!(
        "<body>{}{far}<script type='module' src='lock-lab/lock-lab.js'></script><lock-lab figure='contention'></lock-lab>{far}{}",
        lines[1].replace("figure=\"lock-cost\"", "figure=\"price-list\""),
        lines[1]
    );
    for address in [
        page.site.isolated.url("index.html"),
        page.site.post(&page.site.plain, "post.html", &crate::lab::document(&post), None),
    ] {
        page.open(&address);
        page.wait("the first is there", "['ready', 'unsupported'].includes(lab()?.state)");
        page.emulate("print", &[]);
        // A lab that is folded stays so on paper: its slices are there.
        let seen = page.js("return [...document.querySelectorAll('lock-lab')].filter((one) => !one.closest('details:not([open])')).map((one) => [one.shadowRoot.querySelector('figure, iframe') ? 'mounted' : [...one.shadowRoot.querySelectorAll('a, img'), ...one.querySelectorAll('a, img')].some((part) => part.getClientRects().length > 0 && part.localName === 'a' && part.textContent.trim()) ? 'a link' : 'nothing', Math.round(one.getBoundingClientRect().height)])");
        for one in list(&seen) {
            assert_ne!(one[0], "nothing", "{seen}");
            let height = crate::report::number(&one[1]);
            assert!(one[0] == "mounted" || (20.0..900.0).contains(&height), "a hole: {seen}");
        }
        assert!(list(&seen).iter().any(|one| one[0] == "a link"), "all was loaded: {seen}");
        // The card shows the whole figure, so that one of its slices has it.
        let cards = page.js("return [...document.querySelectorAll('lock-lab[show]')].filter((one) => [...one.shadowRoot.querySelectorAll('img')].some((card) => card.getClientRects().length)).map((one) => one.getAttribute('figure'))");
        let figures: BTreeSet<_> = list(&cards).iter().map(text).collect();
        assert_eq!(figures.len(), list(&cards).len(), "a card that is printed twice: {cards}");
        let stretched = page.js("return [...document.querySelectorAll('lock-lab')].flatMap((one) => [...one.shadowRoot.querySelectorAll('img')]).filter((card) => card.clientHeight && Math.abs(card.clientWidth / card.clientHeight - 1200 / 630) > 0.02).length");
        assert_eq!(stretched, 0, "pictures that are stretched");
        let first = page.js("return [...document.querySelectorAll('lock-lab[show]')].filter((one, i, all) => all.findIndex((other) => other.getAttribute('figure') === one.getAttribute('figure')) === i && !one.shadowRoot.querySelector('figure, iframe')).map((one) => one.getAttribute('figure'))");
        assert!(list(&first).iter().all(|one| figures.contains(text(one))), "{cards} of {first}");
        page.emulate("", &[]);
    }
}

/// As a reader's search finds it, a link to a text does.
fn a_text_in_a_figure_that_is_far_away_is_found(page: &Page) {
    let post = |text: &str| {
        format!(
            "<body><a href='#:~:text=Elephants%20compete'>Elephants</a><div style='height: 9000px'></div><script type='module' src='lab/lock-lab.js'></script><lock-lab figure='contention'>{text}</lock-lab></body>"
        )
    };
    for text in ["<p>Elephants compete</p>", "<span slot='text'>Elephants compete</span>"] {
        page.open_post(&post(text));
        page.wait("room is kept", "lab().shadowRoot?.querySelector('section[hidden]')");
        assert_eq!(page.js("return lab().querySelector('*').checkVisibility()"), false);
        page.click("document.querySelector('a')");
        page.wait("the browser finds it", "scrollY > 5000");
        page.wait("then the figure comes", "lab().state !== 'loading'");
    }
    // In the article, where each lab is folded: by words of a recorded run that stand nowhere else.
    page.open(&page.site.isolated.url("index.html"));
    let far = "lock-lab[figure=contention]:not([show])";
    page.wait("it has its text", &format!("lab('{far}').querySelector('[slot=text]')"));
    let words = page.js_with(
        "const read = document.body.innerText;
         const found = lab(arguments[0]).textContent.split(/\\s{2,}|[.:;]\\s/).map((part) => part.trim()).find((part) => /^[\\w ]{12,60}$/.test(part) && !read.includes(part));
         const link = Object.assign(document.createElement('a'), { href: `#:~:text=${encodeURIComponent(found)}`, textContent: 'Find' });
         document.body.prepend(link);
         return found",
        vec![far.into()],
    );
    page.click("document.querySelector('a')");
    page.wait(
        &format!("the browser finds {words} and unfolds the lab"),
        &format!("lab('{far}').closest('details').open && scrollY > 1000"),
    );
    page.wait("then the lab comes", &format!("lab('{far}').state !== 'loading'"));
}

/// Both parts of the line: the include, put where the post's line asks for it. Liquid's comments are dropped, and `relative_url` puts the site's path in front.
fn by_jekyll(line: &str, base: &str) -> String {
    let (include, post) =
        line.split_once("{% comment %} in a post {% endcomment %}").expect("an include and a post");
    assert_eq!(post.trim(), "{% include lock-lab.html %}");
    let include = include.replace("{% comment %} _includes/lock-lab.html {% endcomment %}", "");
    let address = Regex::new(r"\{\{ '(/[^']+)' \| relative_url \}\}").expect("a pattern");
    let html = address.replace_all(&include, format!("{base}$1")).into_owned();
    assert!(!html.contains("{{") && !html.contains("{%"), "{html}");
    html
}

/// The shortcode, with the parameters that the post's line gives it, as Hugo has them: by their names, sorted.
fn by_hugo(line: &str, base: &str) -> String {
    let (shortcode, post) = line.split_once("{{/* in a post */}}").expect("a shortcode and a post");
    let pair = Regex::new(r#"([\w-]+)=("[^"]*")"#).expect("a pattern");
    let given =
        post.trim().strip_prefix("{{< lock-lab ").and_then(|rest| rest.strip_suffix(" >}}"));
    let mut parameters: Vec<_> = pair
        .captures_iter(given.expect("a call"))
        .map(|found| format!("{}={} ", &found[1], &found[2]))
        .collect();
    parameters.sort();
    let html = shortcode
        .replace("{{/* layouts/shortcodes/lock-lab.html */}}", "")
        .replace("{{ \"lock-lab/lock-lab.js\" | relURL }}", &format!("{base}/lock-lab/lock-lab.js"))
        .replace(
            "{{ range $name, $value := .Params }}{{ printf \"%s=%q \" $name $value | safeHTMLAttr }}{{ end }}",
            &parameters.concat(),
        );
    assert!(!html.contains("{{"), "{html}");
    html
}

/// A picture that is a link.
fn by_markdown(line: &str) -> String {
    let image = Regex::new(r"^\[!\[([^\]]+)\]\(([^)\s]+)\)\]\(([^)\s]+)\)$").expect("a pattern");
    let found = image.captures(line).unwrap_or_else(|| panic!("no picture with a link: {line}"));
    format!(
        "<p><a href=\"{}\"><img src=\"{}\" alt=\"{}\"></a></p>",
        &found[3].replace('&', "&amp;"),
        &found[2],
        &found[1]
    )
}
