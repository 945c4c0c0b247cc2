//! The store for sealed parts that a test runs on: a folder, or a bucket of a real S3 engine.
//!
//! With `UNDERSEAL_TEST_S3=s3s` every test has an engine of its own in this process, on a real
//! loopback socket over the test's folder. With an address, such as `http://127.0.0.1:9000`, tests
//! go to an engine that somebody started there; it must make a bucket for whoever asks. The same
//! tests run on all of them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use server::blob::s3::{self, S3};
use server::blob::{self, Blobs};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

const BUCKET: &str = "sealed";
const KEY: &str = "AKIATESTS";
const SECRET: &str = "a secret of the tests";

/// The store that the environment asks for. The same folder means the same store, so that a test
/// can restart its server.
pub async fn open(folder: &Path) -> Blobs {
    match std::env::var("UNDERSEAL_TEST_S3").as_deref() {
        Err(_) => blob::fs::open(folder).unwrap(),
        Ok("s3s") => Engine::start(folder).await.blobs(),
        Ok(address) => at(address, folder).await,
    }
}

async fn at(endpoint: &str, folder: &Path) -> Blobs {
    let hash = shared::crypto::hash::sha256(folder.as_os_str().as_encoded_bytes());
    let bucket = format!("t-{}", shared::encoding::to_hex(&hash.0[..16]));
    let settings = settings(endpoint.to_owned(), &bucket);
    // Opened first, because that installs the client's TLS.
    let blobs = s3::open(&settings).unwrap();
    let made = reqwest::Client::new().put(format!("{endpoint}/{bucket}")).send().await.unwrap();
    assert!(made.status().is_success() || made.status().as_u16() == 409, "{:?}", made.status());
    blobs
}

fn settings(endpoint: String, bucket: &str) -> S3 {
    S3 {
        bucket: bucket.to_owned(),
        endpoint: Some(endpoint),
        region: "us-east-1".to_owned(),
        access_key: KEY.to_owned(),
        secret_key: SECRET.to_owned(),
    }
}

/// What befalls an engine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Well,
    /// It answers every request with this status.
    Answers(u16),
    /// It dies when so many bytes of a body have come, with that request and all others under way.
    DiesAfter(u64),
}

/// An engine in this process, which may fare badly.
pub struct Engine {
    folder: PathBuf,
    address: SocketAddr,
    shared: Arc<Shared>,
    running: JoinHandle<()>,
}

struct Shared {
    fate: Mutex<Fate>,
    died: Notify,
    requests: AtomicU64,
}

impl Engine {
    /// Starts over a folder, in which the bucket is made.
    pub async fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let shared = Arc::new(Shared {
            fate: Mutex::new(Fate::Well),
            died: Notify::new(),
            requests: AtomicU64::new(0),
        });
        let address = listener.local_addr().unwrap();
        let running = tokio::spawn(run(listener, service(folder), Arc::clone(&shared)));
        Self { folder: folder.to_owned(), address, shared, running }
    }

    /// A client of the bucket.
    pub fn blobs(&self) -> Blobs {
        s3::open(&self.settings()).unwrap()
    }

    /// Address, bucket and keys.
    pub fn settings(&self) -> S3 {
        settings(format!("http://{}", self.address), BUCKET)
    }

    /// Decides what befalls it from now on.
    pub fn fate(&self, fate: Fate) {
        *self.shared.fate.lock().unwrap() = fate;
    }

    /// How many requests came.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Whether it died.
    pub fn is_dead(&self) -> bool {
        self.running.is_finished()
    }

    /// Starts it again after it died, at the same address and over the same folder.
    pub async fn revive(&mut self) {
        (&mut self.running).await.unwrap();
        self.fate(Fate::Well);
        let listener = TcpListener::bind(self.address).await.unwrap();
        let service = service(&self.folder);
        self.running = tokio::spawn(run(listener, service, Arc::clone(&self.shared)));
    }
}

fn service(folder: &Path) -> S3Service {
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    builder.build()
}

/// Takes connections until it dies; then all of them end where they are.
async fn run(listener: TcpListener, service: S3Service, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted.unwrap().0,
            () = shared.died.notified() => return,
        };
        let (service, shared) = (service.clone(), Arc::clone(&shared));
        connections.spawn(async move {
            let answer = hyper::service::service_fn(move |request| {
                answer(service.clone(), Arc::clone(&shared), request)
            });
            // How a connection ends is the client's business.
            let stream = TokioIo::new(stream);
            let _ = Builder::new(TokioExecutor::new()).serve_connection(stream, answer).await;
        });
    }
}

async fn answer(
    service: S3Service,
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> io::Result<Response<s3s::Body>> {
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let fate = *shared.fate.lock().unwrap();
    let answered = match fate {
        Fate::Well => service.call(request.map(s3s::Body::from)).await,
        Fate::Answers(status) => return Ok(trouble(status)),
        Fate::DiesAfter(bytes) => {
            let mut left = bytes;
            let dead = Arc::new(AtomicBool::new(false));
            let dies = Arc::clone(&dead);
            let counted = request.map(|body| {
                body.map_frame(move |frame| {
                    let length = frame.data_ref().map_or(0, Bytes::len) as u64;
                    left = left.saturating_sub(length);
                    if left == 0 {
                        dies.store(true, Ordering::SeqCst);
                        shared.died.notify_one();
                    }
                    frame
                })
            });
            let answered = service.call(counted.map(s3s::Body::http_body_unsync)).await;
            if dead.load(Ordering::SeqCst) {
                // The dead answer nobody, also where the last breath would have been enough.
                std::future::pending::<()>().await;
            }
            answered
        }
    };
    answered.map_err(|error| io::Error::other(format!("{error:?}")))
}

fn trouble(status: u16) -> Response<s3s::Body> {
    let text = "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code></Error>".to_owned();
    Response::builder().status(status).body(s3s::Body::from(text)).unwrap()
}
