//! From Trunk's output to the site the server embeds: `target/site/`.
//!
//! Trunk gives us glue, WebAssembly and style sheets, once for each of the three programs: the desk of
//! staff, the client's pages, and those by which a client comes back; the workers' program comes in two builds. Here they become files whose names carry their own SHA-256 (so the
//! server may call them immutable), each page gets its boot script and an integrity value for
//! everything it loads, and every compressible file gets its `.br` and `.gz`
//! twin. The site is put together beside the old one and takes its place only when whole.

mod lists;
pub(crate) mod programs;
pub(crate) mod viewer;

use crate::sh::{self, Outcome};
use crate::{hash, html, size};
use programs::{CLIENT, DESK, PROGRAMS, Program, WORKERS, WorkerBuild};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The page's placeholder for the boot script.
const BOOT_PLACE: &str = "<script data-boot></script>";
/// Fonts that a browser fetches only when a page shows such letters: what neither English nor Spanish writes, numbers to
/// compare.
/// e2e/tests/intake.spec.ts holds the first load to this.
const LATER: [&str; 5] = [
    "source-sans-3-west",
    "source-serif-4-west",
    "source-sans-3-ext",
    "source-serif-4-ext",
    "source-code-pro",
];

/// The list of common passwords, in `public/`: the desk fetches it under its hash when somebody begins to choose
/// a passphrase.
pub(crate) const PASSWORDS: &str = "common-passwords.bin";

/// Where the finished site lies.
pub(crate) fn site() -> PathBuf {
    sh::at("target/site")
}

/// A site in the making: paths from its root to their bytes.
#[derive(Default)]
pub(crate) struct Site {
    files: BTreeMap<String, Vec<u8>>,
    first_load: Vec<String>,
}

impl Site {
    /// Adds a file under a name of its own choosing.
    fn add(&mut self, path: &str, content: Vec<u8>) {
        self.files.insert(path.to_owned(), content);
    }

    /// Adds a file under a name that carries its hash and returns its path from the root.
    fn add_hashed(
        &mut self,
        folder: &str,
        stem: &str,
        extension: &str,
        content: Vec<u8>,
    ) -> String {
        let path = format!("{folder}/{stem}-{}.{extension}", hash::short(&content));
        self.add(&path, content);
        path
    }

    fn integrity(&self, path: &str) -> String {
        self.files.get(path).map(|content| hash::integrity(content)).unwrap_or_default()
    }
}

/// Puts the site together from Trunk's folders, one for each program, and writes it to `place`.
pub(crate) fn assemble(dist: &Path, release: bool, place: &Path) -> Outcome {
    let mut site = Site::default();
    copy_public(&mut site)?;
    let boot = lean(sh::text(&sh::at("app/boot/boot.js"))?, "js", release)?;
    let boot = site.add_hashed("assets", "boot", "js", boot.into_bytes());
    let workers = WORKERS
        .iter()
        .map(|worker| add_worker(&mut site, worker, &dist.join(worker.name), release))
        .collect::<Outcome<String>>()?;
    let passwords = add_passwords(&mut site)?;
    for program in PROGRAMS {
        let dist = dist.join(program.name);
        // No client chooses a passphrase.
        let later = if program.name == DESK.name { &passwords } else { "" };
        let later = [workers.as_str(), later].concat();
        let load = add_page(&mut site, &program, &dist, [&boot, &later], release)?;
        if program.name == CLIENT.name {
            site.first_load.extend(load);
        }
    }
    for extra in ["favicon.svg", "sprite.svg"] {
        if site.files.contains_key(extra) {
            site.first_load.push(extra.to_owned());
        }
    }
    viewer::add(&mut site)?;
    refuse_foreign_origins(&site)?;
    lists::every_load_is_bound(&site)?;
    let waict = lists::waict(&site)?;
    site.add(lists::WAICT, waict);
    let manifest = lists::manifest(&site)?;
    site.add(lists::MANIFEST, manifest);
    write(&site, release, place)
}

/// Adds one program with its page; returns everything that the page loads.
fn add_page(
    site: &mut Site,
    program: &Program,
    dist: &Path,
    [boot, later]: [&str; 2],
    release: bool,
) -> Outcome<Vec<String>> {
    let mut load = vec![program.page.to_owned(), boot.to_owned()];
    let (glue, wasm) = add_program(site, program, dist, release, &mut load)?;
    // Trunk calls every page so.
    let page = sh::text(&dist.join("index.html"))?;
    let page = merge_styles(site, program, dist, (&page, release), &mut load)?;
    let page = drop_rust_link(&page)?;
    let tags = boot_tags(site, boot, &glue, &wasm, later);
    let page = html::replace_once(&page, BOOT_PLACE, &tags)?;
    site.add(program.page, page.into_bytes());
    load.extend([glue, wasm]);
    Ok(load)
}

fn copy_public(site: &mut Site) -> Outcome {
    let folder = sh::at("public");
    for file in sh::files(&folder) {
        let path = relative(&folder, &file);
        // The viewer's files and the passwords get hashed names, and so do fonts, once a style sheet asks for them.
        let renamed =
            path.starts_with("viewer/") || path.starts_with("fonts/") || path == PASSWORDS;
        if !renamed {
            site.add(&path, sh::bytes(&file)?);
        }
    }
    Ok(())
}

/// Adds the WebAssembly and its glue; the release goes through wasm-opt first.
fn add_program(
    site: &mut Site,
    program: &Program,
    dist: &Path,
    release: bool,
    load: &mut Vec<String>,
) -> Outcome<(String, String)> {
    let found: Vec<PathBuf> = sh::files(dist)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    let [wasm] = found.as_slice() else {
        return Err(format!("Trunk left {} WebAssembly files, expected one", found.len()));
    };
    let stem = wasm.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let glue = dist.join(format!("{}.js", stem.trim_end_matches("_bg")));
    let code = if release { optimised(wasm, program.level)? } else { sh::bytes(wasm)? };
    let wasm = site.add_hashed("assets", program.name, "wasm", code);
    // Pieces of JavaScript that crates bring along; the glue names them relative to itself.
    let snippets = dist.join("snippets");
    for file in sh::files(&snippets) {
        let path = format!("assets/snippets/{}", relative(&snippets, &file));
        site.add(&path, sh::bytes(&file)?);
        load.push(path);
    }
    let glue = lean(sh::text(&glue)?, "js", release)?;
    let glue = site.add_hashed("assets", program.name, "js", glue.into_bytes());
    Ok((glue, wasm))
}

/// By wasm-opt, which drops the functions' names after it has put them in their order: one byte
/// in sixty less to fetch, as the copies that generic code is made into then lie side by side.
pub(crate) fn optimised(wasm: &Path, level: &[&str]) -> Outcome<Vec<u8>> {
    let out = sh::target().join("optimised.wasm");
    let tool = sh::at("e2e/node_modules/.bin/wasm-opt");
    sh::run(
        sh::command(tool)
            .args(level)
            .args(["--enable-bulk-memory", "--enable-nontrapping-float-to-int"])
            .args(["--enable-sign-ext", "--enable-mutable-globals", "--enable-reference-types"])
            .args(["--enable-multivalue", "--enable-simd"])
            .args(["--reorder-functions-by-name", "-o"])
            .arg(&out)
            .arg(wasm),
    )?;
    sh::bytes(&out)
}

/// Adds a worker's script and WebAssembly, which no page loads before it has work; returns how the
/// boot script names them.
fn add_worker(
    site: &mut Site,
    worker: &WorkerBuild,
    dist: &Path,
    release: bool,
) -> Outcome<String> {
    let name = worker.name;
    let wasm = dist.join("worker_bg.wasm");
    let code = if release { optimised(&wasm, worker.level)? } else { sh::bytes(&wasm)? };
    let wasm = site.add_hashed("assets", name, "wasm", code);
    let glue = sh::text(&dist.join("worker.js"))?;
    let script = [glue, sh::text(&sh::at("app/boot/worker.js"))?].join("\n");
    let script = lean(script, "js", release)?;
    let script = site.add_hashed("assets", name, "js", script.into_bytes());
    let [integrity, script_integrity] = [&wasm, &script].map(|path| site.integrity(path));
    Ok(format!(
        r#" data-{name}="/{script}" data-{name}-script-integrity="{script_integrity}" data-{name}-wasm="/{wasm}" data-{name}-integrity="{integrity}""#
    ))
}

/// Adds the list of common passwords, which no page loads by itself; returns how the boot script names it.
fn add_passwords(site: &mut Site) -> Outcome<String> {
    let list = sh::bytes(&sh::at("public").join(PASSWORDS))?;
    let path = site.add_hashed("assets", "common-passwords", "bin", list);
    let integrity = site.integrity(&path);
    Ok(format!(r#" data-passwords="/{path}" data-passwords-integrity="{integrity}""#))
}

/// All style sheets of the page as one file, in the page's order: one request, better compressed.
fn merge_styles(
    site: &mut Site,
    program: &Program,
    dist: &Path,
    (page, release): (&str, bool),
    load: &mut Vec<String>,
) -> Outcome<String> {
    let links: Vec<_> = html::tags(page, "link")
        .into_iter()
        .filter(|range| {
            let tag = page.get(range.clone()).unwrap_or_default();
            html::attribute(tag, "rel") == Some("stylesheet")
        })
        .collect();
    let mut style = String::new();
    for range in &links {
        let tag = page.get(range.clone()).unwrap_or_default();
        let href = html::attribute(tag, "href").unwrap_or_default();
        style.push_str(&sh::text(&dist.join(href.trim_start_matches('/')))?);
    }
    let style = hash_fonts(site, &lean(style, "css", release)?, load)?;
    let path = site.add_hashed("assets", program.name, "css", style.into_bytes());
    let link =
        format!(r#"<link rel="stylesheet" href="/{path}" integrity="{}">"#, site.integrity(&path));
    load.push(path);
    Ok(html::swap(page, &links, &link))
}

/// A script or style sheet without what only people read, by esbuild; a development build keeps it.
fn lean(text: String, extension: &str, release: bool) -> Outcome<String> {
    if !release {
        return Ok(text);
    }
    let file = sh::target().join(format!("lean.{extension}"));
    sh::write(&file, text.as_bytes())?;
    let tool = sh::at("e2e/node_modules/.bin/esbuild");
    let words = ["--minify", "--target=es2022", "--charset=utf8", "--log-level=warning"];
    sh::read(sh::command(tool).args(words).arg(&file))
}

/// Gives every font the style sheet names a hashed name, there and in the site.
fn hash_fonts(site: &mut Site, style: &str, load: &mut Vec<String>) -> Outcome<String> {
    let folder = sh::at("public/fonts");
    let mut style = style.to_owned();
    for file in sh::files(&folder) {
        let name = relative(&folder, &file);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        if !matches!(extension, "woff2" | "woff") {
            site.add(&format!("fonts/{name}"), sh::bytes(&file)?);
            continue;
        }
        if style.contains(&format!("/fonts/{name}")) {
            let path = site.add_hashed("assets", stem, extension, sh::bytes(&file)?);
            style = style.replace(&format!("/fonts/{name}"), &format!("/{path}"));
            if !LATER.contains(&stem) {
                load.push(path);
            }
        }
    }
    Ok(style)
}

/// With `inject_scripts = false` Trunk leaves its own instruction in the page.
fn drop_rust_link(page: &str) -> Outcome<String> {
    let links: Vec<_> = html::tags(page, "link")
        .into_iter()
        .filter(|range| page.get(range.clone()).is_some_and(|tag| tag.contains("data-trunk")))
        .collect();
    match links.as_slice() {
        [one] => Ok(html::swap(page, std::slice::from_ref(one), "")),
        _ => Err(format!("{} `data-trunk` links are left in the page, expected one", links.len())),
    }
}

/// The preloads put the glue into the page's module map with its integrity checked, so that the
/// import in `boot.js`, which cannot name an integrity value, gets exactly those bytes. Browsers
/// ignore integrity on a preload of this kind; for the WebAssembly the fetch in `boot.js` demands it.
fn boot_tags(site: &Site, boot: &str, glue: &str, wasm: &str, later: &str) -> String {
    let [boot_sri, glue_sri, wasm_sri] = [boot, glue, wasm].map(|path| site.integrity(path));
    let indent = "\n    ";
    format!(
        r#"<link rel="modulepreload" href="/{glue}" integrity="{glue_sri}">{indent}<link rel="preload" href="/{wasm}" as="fetch" type="application/wasm" crossorigin="anonymous">{indent}<script type="module" src="/{boot}" integrity="{boot_sri}" data-glue="/{glue}" data-wasm="/{wasm}" data-wasm-integrity="{wasm_sri}"{later}></script>"#
    )
}

/// Nothing we serve may name another origin: no tracker, no font server, no forgotten example.
fn refuse_foreign_origins(site: &Site) -> Outcome {
    // Names of XML vocabularies look like addresses but are never fetched.
    const VOCABULARIES: [&str; 3] = [
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/1999/xhtml",
    ];
    for (path, content) in &site.files {
        let ours = [".html", ".js", ".css", ".svg"].iter().any(|end| path.ends_with(end));
        // pdf.js is not ours; its frame's policy lets it connect nowhere.
        if !ours || path.starts_with(viewer::THEIRS) {
            continue;
        }
        let text = String::from_utf8_lossy(content);
        for scheme in ["http://", "https://"] {
            for (at, _) in text.match_indices(scheme) {
                let rest = text.get(at..).unwrap_or_default();
                if !VOCABULARIES.iter().any(|name| rest.starts_with(name)) {
                    let shown: String = rest.chars().take(60).collect();
                    return Err(format!("{path} names a foreign origin: {shown}"));
                }
            }
        }
    }
    Ok(())
}

fn write(site: &Site, release: bool, place: &Path) -> Outcome {
    let next = sh::at("target/site.next");
    // It is only there when an earlier run was cut off.
    let _ = std::fs::remove_dir_all(&next);
    for (path, content) in &site.files {
        sh::write(&next.join(path), content)?;
    }
    if release {
        compress(&next, site)?;
    }
    let _ = std::fs::remove_dir_all(place);
    std::fs::rename(&next, place).map_err(|error| format!("{}: {error}", sh::shown(place)))?;
    if place != self::site() {
        return Ok(());
    }
    let list = serde_json::json!({ "release": release, "first_load": site.first_load });
    sh::write(&size::list_file(), list.to_string().as_bytes())
}

/// Brotli 11 and gzip 9 through Node's own zlib, several files at a time.
fn compress(folder: &Path, site: &Site) -> Outcome {
    const ENDINGS: [&str; 8] = ["html", "js", "mjs", "css", "wasm", "svg", "json", "txt"];
    let list: Vec<&str> = site
        .files
        .keys()
        .filter(|path| path.rsplit('.').next().is_some_and(|end| ENDINGS.contains(&end)))
        .map(String::as_str)
        .collect();
    let mut child = sh::command("node")
        .arg(sh::at("e2e/tools/compress.mjs"))
        .arg(folder)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not start node: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        use std::io::Write as _;
        input.write_all(list.join("\n").as_bytes()).map_err(|error| error.to_string())?;
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err("the files could not be compressed".to_owned()) }
}

fn relative(folder: &Path, file: &Path) -> String {
    file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn the_list_of_passwords_is_named_with_the_hash_of_what_is_served() {
        let mut site = Site::default();
        let named = add_passwords(&mut site).unwrap();
        let (path, list) = site.files.first_key_value().unwrap();
        assert!(path.starts_with("assets/common-passwords-"));
        assert!(named.contains(path) && named.contains(&hash::integrity(list)));
    }
}
