//! Takes the picture of each figure's recorded run that other sites show beside a link to it, and who sees the page without scripts sees:
//! of the size that social networks ask for. Made by `cargo xtask picture`, kept in www/cards/. Judges nothing.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use super::{Made, Order, write};
use crate::engine::{Engine, root};
use crate::lab::document;
use crate::page::Page;
use crate::report::text;
use crate::runner::Runner;
use crate::suite::take_home::taken;

/// The words that stand in the pictures, and what their files' names end with. The machine needs letters of each.
const LANGUAGES: [(&str, &str); 2] = [("en", ""), ("zh", ".zh")];

/// How wide a figure stands on the page before its picture goes into the card, in px: its letters are to be read in a small preview.
const WIDTH: u32 = 680;

/// Open Graph's and Twitter's usual picture, in px.
const SIZE: (u32, u32) = (1200, 630);

/// Takes those of the figures that are wanted, into www/cards/ or another folder's cards/.
///
/// # Errors
/// A sentence about what could not be taken or written.
pub fn take(runner: &mut Runner, order: &Order<'_>) -> Result<(), String> {
    let limit = Duration::from_secs(120);
    let made = runner.with_page(Engine::Chromium, "cards", limit, |page| take_all(page, order))?;
    let folder = order.into.map_or_else(|| root().join("www"), Path::to_path_buf);
    write(&folder.join("cards"), &made)
}

fn take_all(page: &Page, order: &Order<'_>) -> Vec<Made> {
    // Letters that are not there are all the same box.
    let there = page.js(
        "const draw = (text) => {
             const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 40 });
             const context = canvas.getContext('2d');
             context.font = '30px sans-serif';
             context.fillText(text, 4, 32);
             return canvas.toDataURL();
         };
         return draw('锁') !== draw('代')",
    );
    assert!(
        there == true,
        "this machine has no Chinese letters (Debian: apt-get install fonts-wqy-microhei)"
    );
    let mut made = Vec::new();
    for (language, tail) in LANGUAGES {
        for figure in order.figures() {
            made.push((format!("{figure}{tail}.png"), card(page, &figure, language)));
        }
    }
    made
}

/// The card's parts from above: title, question, the verdict in large letters, the picture in what room is left, where it ran.
const STYLE: &str = ":root { --paper: #fbfaf7; --ink: #1d1c1a; --soft: #5b5852 }
    body { box-sizing: border-box; height: 630px; margin: 0; padding: 24px 48px 20px; display: flex; flex-direction: column; overflow: hidden; font: 24px/1.35 system-ui, 'Noto Sans', sans-serif; background: var(--paper); color: var(--soft) }
    p { margin: 0 }
    .verdict { margin: 12px 0 20px; font-family: Georgia, 'Noto Serif', serif; line-height: 1.25; color: var(--ink) }
    svg { flex: 1; min-height: 0; width: 100% }
    .foot { margin-top: 12px; font-size: 19px; white-space: nowrap }";

/// Takes its texts out of the saved picture, whose letters are as small as on the page, and leaves the charts as large as they can be.
const COMPOSE: &str = "const svg = document.querySelector('svg');
    const said = [...svg.querySelectorAll(':scope > text')];
    // As views/snapshot.js writes them: the title, the question, and what is small is the foot.
    const of = (test) => said.filter(test).map((one) => one.textContent).join(' ');
    const size = (one) => Number(one.getAttribute('font-size'));
    const fill = (name, text) => (document.querySelector(name).textContent = text);
    fill('.title', `Lock Lab: ${of((one) => size(one) === 18)}`);
    fill('.question', of((one) => size(one) === 13));
    fill('.foot', of((one) => size(one) === 12));
    said.forEach((one) => one.remove());
    const boxes = [...svg.querySelectorAll(':scope > svg, :scope > image')].map((one) => ['x', 'y', 'width', 'height'].map((name) => Number(one.getAttribute(name))));
    const [left, top] = [0, 1].map((at) => Math.min(...boxes.map((box) => box[at])));
    const [right, bottom] = [0, 1].map((at) => Math.max(...boxes.map((box) => box[at] + box[at + 2])));
    svg.setAttribute('viewBox', `${left} ${top} ${right - left} ${bottom - top}`);
    svg.setAttribute('preserveAspectRatio', 'xMinYMin');
    const verdict = document.querySelector('.verdict');
    // Three lines at most, as large as that allows.
    for (let px = 44; px >= 26; px -= 2) {
        verdict.style.fontSize = `${px}px`;
        if (verdict.offsetHeight <= 3 * 1.25 * px + 1) break;
    }
    return Promise.all([...document.querySelectorAll('image')].map((one) => one.decode())).then(() => true)";

/// A figure's recorded run in a picture of the card's size: what came out, as the page says it, above the picture that its menu saves.
fn card(page: &Page, figure: &str, language: &str) -> Vec<u8> {
    let (wide, tall) = SIZE;
    assert!(page.set_viewport(WIDTH, 1400), "the window can't be made large enough");
    page.open_figure(&format!("figure={figure}&theme=light&lang={language}"));
    page.wait("the recorded run is shown", "lab().shadowRoot.querySelector('.recorded .verdict')");
    let verdict =
        page.js("return lab().shadowRoot.querySelector('.recorded .verdict').textContent");
    let verdict = text(&verdict).replace('&', "&amp;").replace('<', "&lt;");
    let svg = taken(page, "/(picture |图片（)\\(?svg/i");
    let html = document(&format!(
        "<style>{STYLE}</style>\
         <p class='title'></p><p class='question'></p><p class='verdict'>{verdict}</p>{svg}<p class='foot'></p>"
    ));
    assert!(page.set_viewport(wide, tall), "the window can't be made as large as a card");
    page.open(&page.site.stage_whole(&page.site.plain, &html));
    assert!(page.js(COMPOSE) == true, "it is put together");
    with_palette(&page.picture()).unwrap_or_else(|error| panic!("the card of {figure}: {error}"))
}

/// How many colours a card has: letters and flat colours lose none that is seen, and two points fit into a byte.
const COLOURS: usize = 10;

type Rgb = [f64; 3];

/// The same picture in few colours, which is much shorter: first those that are far from all that were taken and on many points, then each
/// moved into the middle of what is nearest to it. The paper, on most points, stays as it is.
fn with_palette(picture: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut decoder = png::Decoder::new(Cursor::new(picture));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    let size = reader.next_frame(&mut pixels)?;
    let rgb = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2]].map(f64::from);
    let mut points: HashMap<&[u8], f64> = HashMap::new();
    for pixel in pixels.chunks(4) {
        *points.entry(pixel).or_default() += 1.0;
    }
    let seen: Vec<(Rgb, f64)> =
        points.iter().map(|(pixel, points)| (rgb(pixel), points.sqrt())).collect();
    let most = |weight: &dyn Fn(&(Rgb, f64)) -> f64| {
        let found = seen.iter().max_by(|one, other| weight(one).total_cmp(&weight(other)));
        found.map(|(colour, _)| *colour).ok_or("it is empty")
    };
    let mut palette = vec![most(&|(_, weight)| *weight)?];
    while palette.len() < COLOURS {
        let next = most(&|(colour, weight)| {
            weight * distance(*colour, palette[nearest(&palette, *colour)])
        })?;
        palette.push(next);
    }
    for _ in 0..10 {
        let mut sums = [([0.0; 3], 0.0); COLOURS];
        for (colour, weight) in &seen {
            let (sum, all) = &mut sums[nearest(&palette, *colour)];
            *all += weight;
            for part in 0..3 {
                sum[part] += colour[part] * weight;
            }
        }
        for (index, (sum, all)) in sums.into_iter().enumerate().skip(1) {
            if all > 0.0 {
                palette[index] = sum.map(|part| part / all);
            }
        }
    }
    // Once a colour, not once a point. Fewer than 16, so that they fit.
    let indices: HashMap<_, _> =
        points.keys().map(|pixel| (*pixel, nearest(&palette, rgb(pixel)) as u8)).collect();
    let packed: Vec<u8> =
        pixels.chunks(8).map(|two| indices[&two[..4]] << 4 | indices[&two[4..]]).collect();
    let mut made = Vec::new();
    let mut encoder = png::Encoder::new(&mut made, size.width, size.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette(palette.concat().iter().map(|part| part.round() as u8).collect::<Vec<_>>());
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&packed)?;
    Ok(made)
}

/// Another hue is further away than another shade: a small mark in a colour of its own is seen, one shade more at a letter's edge is not.
fn distance(one: Rgb, other: Rgb) -> f64 {
    let apart: Rgb = std::array::from_fn(|part| one[part] - other[part]);
    let [red, green, blue] = apart;
    let hue = (red - green).powi(2) + (green - blue).powi(2);
    apart.iter().map(|part| part.powi(2)).sum::<f64>() + 4.0 * hue
}

fn nearest(palette: &[Rgb], colour: Rgb) -> usize {
    let from = |index: &usize| distance(palette[*index], colour);
    (0..palette.len()).min_by(|one, other| from(one).total_cmp(&from(other))).unwrap_or_default()
}
