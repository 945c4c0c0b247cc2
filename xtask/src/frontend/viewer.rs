//! pdf.js for the preview, from npm, self-hosted beside our own frame page.
//!
//! It belongs to no first load: the frame asks for it when somebody opens a PDF. The frame is
//! sandboxed without an origin, so everything it loads lies in one folder, `/viewer/`.

use super::Site;
use crate::html;
use crate::sh::{self, Outcome};

/// Where pdf.js and its data lie in the site.
pub(super) const THEIRS: &str = "viewer/pdf";
const PACKAGE: &str = "e2e/node_modules/pdfjs-dist";

/// Adds the frame page, its script and style, and pdf.js, with hashed names throughout.
pub(super) fn add(site: &mut Site) -> Outcome {
    let folder = sh::at("public/viewer");
    let page = folder.join("viewer.html");
    if !page.is_file() {
        crate::report::note("public/viewer/viewer.html is not there, so pdf.js is left out");
        return Ok(());
    }
    let mut renamed = Vec::new();
    for (stem, name) in [("pdf", "pdf.min.mjs"), ("pdf.worker", "pdf.worker.min.mjs")] {
        // The legacy build also runs in browsers of two years ago, which clients have.
        let code = sh::bytes(&sh::at(PACKAGE).join("legacy/build").join(name))?;
        let path = site.add_hashed("viewer", stem, "mjs", without_source_map(code));
        renamed.push((format!("\"./{name}\""), quoted(&path)));
    }
    add_data(site)?;
    let mut script = sh::text(&folder.join("viewer.js"))?;
    for (old, new) in &renamed {
        script = html::replace_once(&script, old, new)?;
    }
    let script = site.add_hashed("viewer", "viewer", "js", script.into_bytes());
    let mut page = sh::text(&page)?;
    page = html::replace_once(&page, "src=\"viewer.js\"", &loaded(site, "src", &script))?;
    let style = folder.join("viewer.css");
    if style.is_file() {
        let style = site.add_hashed("viewer", "viewer", "css", sh::bytes(&style)?);
        page = html::replace_once(&page, "href=\"viewer.css\"", &loaded(site, "href", &style))?;
    }
    site.add("viewer/viewer.html", page.into_bytes());
    Ok(())
}

/// Decoders for scanned pages, in their form without WebAssembly: the frame's policy lets nothing
/// be fetched, which is also why pdf.js's fonts and character maps stay out.
fn add_data(site: &mut Site) -> Outcome {
    let package = sh::at(PACKAGE);
    site.add(&format!("{THEIRS}/LICENSE.txt"), sh::bytes(&package.join("LICENSE"))?);
    let folder = package.join("wasm");
    let wanted = |name: &str| name.ends_with("_nowasm_fallback.js") || name.starts_with("LICENSE");
    for file in sh::files(&folder) {
        let name = super::relative(&folder, &file);
        if wanted(&name) {
            // An address without an ending is one of the app's own.
            let ending = if name.contains('.') { "" } else { ".txt" };
            site.add(&format!("{THEIRS}/wasm/{name}{ending}"), sh::bytes(&file)?);
        }
    }
    Ok(())
}

/// The map is not served, so the line that names it would only make a failing request.
fn without_source_map(code: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(code) {
        Ok(text) => text
            .lines()
            .filter(|line| !line.starts_with("//# sourceMappingURL="))
            .collect::<Vec<_>>()
            .join("\n")
            .into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

fn quoted(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    format!("\"./{name}\"")
}

fn loaded(site: &Site, attribute: &str, path: &str) -> String {
    format!(
        "{attribute}=\"/{path}\" integrity=\"{}\" crossorigin=\"anonymous\"",
        site.integrity(path)
    )
}
