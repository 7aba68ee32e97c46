//! Takes the picture of each figure's recorded run that other sites show beside a link to it, and who sees the page without scripts sees:
//! in light and in dark, of the size that social networks ask for. Made by `cargo xtask picture`, kept in www/cards/. Judges nothing.

use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use color_quant::NeuQuant;

use super::{Made, write};
use crate::engine::{Engine, figures, root};
use crate::lab::document;
use crate::page::Page;
use crate::runner::Runner;
use crate::suite::take_home::taken;

/// The words that stand in the pictures, and what their files' names end with. The machine needs letters of each.
const LANGUAGES: [(&str, &str); 2] = [("en", ""), ("zh", ".zh")];

/// How wide a figure stands on the page before its picture is made as wide as the card, in px: what is then too tall is cut at its foot.
const WIDTH: u32 = 900;

/// Open Graph's and Twitter's usual picture, in px.
const SIZE: (u32, u32) = (1200, 630);

/// Takes them all, into www/cards/ or another folder's cards/.
///
/// # Errors
/// A sentence about what could not be taken or written.
pub fn take(runner: &mut Runner, into: Option<&Path>) -> Result<(), String> {
    let made = runner.with_page(Engine::Chromium, "cards", Duration::from_secs(120), take_all)?;
    let folder = into.map_or_else(|| root().join("www"), Path::to_path_buf);
    write(&folder.join("cards"), &made)
}

fn take_all(page: &Page) -> Vec<Made> {
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
        for (theme, ending) in [("light", ""), ("dark", "-dark")] {
            for figure in figures() {
                let card = card(page, &figure, theme, language);
                made.push((format!("{figure}{ending}{tail}.png"), card));
            }
        }
    }
    made
}

/// The figure's own picture, as its menu saves it, on a page of the card's size.
fn card(page: &Page, figure: &str, theme: &str, language: &str) -> Vec<u8> {
    let (wide, tall) = SIZE;
    assert!(page.set_viewport(WIDTH, 1400), "the window can't be made large enough");
    page.open_figure(&format!("figure={figure}&theme={theme}&lang={language}"));
    page.wait("the recorded run is shown", "lab().shadowRoot.querySelector('.recorded .verdict')");
    let svg = taken(page, "/(picture |图片（)\\(?svg/i");
    let paper = if theme == "light" { "#fbfaf7" } else { "#16171a" };
    let html = document(&format!(
        "<style>body {{ margin: 0; background: {paper}; overflow: hidden }} img {{ display: block; width: {wide}px }}</style>\
         <img alt='' src='data:image/svg+xml;base64,{}'>",
        STANDARD.encode(&svg)
    ));
    assert!(page.set_viewport(wide, tall), "the window can't be made as large as a card");
    page.open(&page.site.stage_whole(&page.site.plain, &html));
    page.wait("it is drawn", "document.images[0].complete && document.images[0].naturalWidth > 0");
    with_palette(&page.picture()).unwrap_or_else(|error| panic!("the card of {figure}: {error}"))
}

/// How many of the picture's points find the palette: 1 is all of them, 30 the fewest.
const SAMPLED: i32 = 5;

/// The same picture in 256 colours, which is less than half as long: Dekker's neural network finds them (*Network: Computation in Neural
/// Systems* 5, 1994). Cards are letters and flat colours, of which it loses none that is seen.
fn with_palette(picture: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut decoder = png::Decoder::new(Cursor::new(picture));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    let size = reader.next_frame(&mut pixels)?;
    let colours = NeuQuant::new(SAMPLED, 256, &pixels);
    let indices: Vec<u8> = pixels
        .chunks(4)
        .map(|pixel| u8::try_from(colours.index_of(pixel)))
        .collect::<Result<_, _>>()?;
    let mut made = Vec::new();
    let mut encoder = png::Encoder::new(&mut made, size.width, size.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(colours.color_map_rgb());
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(made)
}
