//! A portal in this process with one matter in it, and its export.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use cli::archive::Archive;
use cli::commands::{self, Ask};
use cli::demo::authenticator::ways;
use cli::demo::cast::{CASES, Case, Practice, Stage};
use cli::demo::host::{Device, headers, keep_cookie};
use cli::demo::papers::Paper;
use cli::demo::seed::hand_in;
use cli::refusal::Refusal;
use http_body_util::BodyExt as _;
use server::config::{Config, Layers};
use server::state::SystemClock;
use shared::client::export::index::name;
use shared::client::found::Founding;
use shared::client::invite::InviteTerms;
use shared::client::transport::{Method, Request, Response, Transport, Unreachable};
use shared::client::zip::ZipWriter;
use shared::client::{Host, Portal};
use shared::crypto::hash::sha256;
use shared::ids::{AccountId, FormId};
use shared::intake::templates;
use shared::journal::statement::Decision;
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;
use shared::time::Timestamp;
use tower::ServiceExt as _;

/// The passphrase of the export.
pub const PASSPHRASE: &str = "seven quiet lanterns by the river";

/// A device's line to the router.
pub struct Line {
    router: Router,
    cookie: RefCell<Option<String>>,
}

impl Line {
    pub fn new(router: &Router) -> Self {
        Self { router: router.clone(), cookie: RefCell::new(None) }
    }
}

impl Transport for Line {
    type Sealed = Vec<u8>;

    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        };
        let mut http = axum::http::Request::builder().method(method).uri(&request.path);
        for (name, value) in headers(&request, self.cookie.borrow().as_deref()) {
            http = http.header(name, value);
        }
        let http = http.body(Body::from(request.body.as_ref().to_vec())).unwrap();
        let response = self.router.clone().oneshot(http).await.unwrap();
        keep_cookie(&self.cookie, response.headers());
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Ok(Response { status, body })
    }
}

/// A portal over a folder.
pub async fn portal(data: &Path) -> Router {
    let folder = data.to_str().unwrap();
    let config = Config::parse(&Layers::from_pairs(&[("data", folder)])).unwrap();
    let db = server::start::open_db(&config).await.unwrap();
    server::db::migrate::run(&db).await.unwrap();
    let blobs = server::blob::fs::open(&data.join("blobs")).unwrap();
    let app = server::start::assemble(config, db, blobs, Arc::new(SystemClock)).await.unwrap();
    server::build(app)
}

pub fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

/// The case that is handed in, with a document of two parts beside its papers.
pub const CASE: Case = Case { stage: Stage::Accepted, ..CASES[0] };

/// The document of two parts: 4 MiB and a little.
pub fn long_document() -> Vec<u8> {
    (0_u32..4 * 1024 * 1024 + 77).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// What the client handed in, in order.
pub fn handed_in() -> Vec<Paper> {
    let long = Paper {
        name: "../scan: every page.tif",
        mime: "image/tiff",
        field: "other-papers",
        bytes: long_document(),
    };
    let mut papers = cli::demo::papers::papers(&CASE, 0);
    papers.push(long);
    papers
}

/// The firm of all tests, as its founder sets it up.
pub async fn founding<H: Host>(portal: &Portal<H>) -> Founding {
    let account = AccountId::random();
    let (ways, _) = ways(portal, account).await.unwrap();
    Founding {
        firm_name: "Hale & Porter".into(),
        display_name: "Margaret Hale".into(),
        handle: "margaret".into(),
        account,
        ways,
        setup_code: None,
    }
}

async fn export_once() -> Vec<u8> {
    let data = tempfile::tempdir().unwrap();
    let router = portal(data.path()).await;
    let lawyer = Portal::new(Device::new(Line::new(&router)));
    let ring = lawyer.found(founding(&lawyer).await, |_| ()).await.unwrap().ring;
    let form = FormId::random();
    let family = templates::all().into_iter().find(|one| one.key == "family").unwrap();
    lawyer.publish_form(&ring, form, &(family.build)()).await.unwrap();
    let description = DescriptionV1 {
        client: "Elena Marchetti".into(),
        title: "Divorce, two children".into(),
        practice: Practice::Family.name().into(),
        label: Label::Privileged,
    };
    let matter = lawyer.create_matter(&ring, &description).await.unwrap();
    let terms = InviteTerms { days: 7, readers: vec!["Margaret Hale".into()] };
    let link = lawyer.invite_client(&ring, matter, form, &terms).await.unwrap();
    let client = Portal::new(Device::new(Line::new(&router)));
    hand_in(&client, &link, &CASE, handed_in()).await.unwrap();
    let view = lawyer.matter(&ring, matter).await.unwrap();
    let submission = view.submissions[0].submission;
    lawyer.decide(&ring, matter, submission, Decision::Accepted).await.unwrap();
    let mut zip = Vec::new();
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    lawyer.export(&ring, matter, &passphrase, &mut zip).await.unwrap();
    zip
}

/// The export; made once for all tests of a file.
pub fn export() -> &'static [u8] {
    static EXPORT: OnceLock<Vec<u8>> = OnceLock::new();
    EXPORT.get_or_init(|| run(export_once()))
}

pub type Files = BTreeMap<String, Vec<u8>>;

/// The export's files.
pub fn files() -> Files {
    let mut archive = Archive::open(Cursor::new(export())).unwrap();
    let names: Vec<String> = archive.names().map(str::to_owned).collect();
    names.into_iter().map(|file| (file.clone(), archive.read(&file, 1 << 30).unwrap())).collect()
}

/// Packs files again; with new checksums, as whoever tampers would.
pub fn pack(files: &Files) -> Vec<u8> {
    let mut zip = Vec::new();
    run(async {
        let mut writer = ZipWriter::new(&mut zip, Timestamp(1_795_000_000_000));
        let mut sums = String::new();
        for (file, bytes) in files.iter().filter(|(file, _)| *file != name::CHECKSUMS) {
            writer.entry(file, bytes).await.unwrap();
            if file == name::SIGNATURE {
                continue;
            }
            sums.push_str(&format!("{}  {file}\n", sha256(bytes)));
        }
        if files.contains_key(name::CHECKSUMS) {
            writer.entry(name::CHECKSUMS, sums.as_bytes()).await.unwrap();
        }
        writer.finish().await.unwrap();
    });
    zip
}

/// The zip as a file of a folder.
pub fn write(folder: &Path, zip: &[u8]) -> PathBuf {
    let path = folder.join("export.zip");
    std::fs::write(&path, zip).unwrap();
    path
}

/// What `verify` says to a zip.
pub fn verify_with(zip: &[u8], passphrase: &str) -> Result<String, Refusal> {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), zip);
    let mut said = Vec::new();
    let ask = Ask { export: &path, passphrase: Secret::new(passphrase.to_owned()) };
    commands::verify(&ask, &mut said)?;
    Ok(String::from_utf8(said).unwrap())
}

pub fn verify(zip: &[u8]) -> Result<String, Refusal> {
    verify_with(zip, PASSPHRASE)
}
