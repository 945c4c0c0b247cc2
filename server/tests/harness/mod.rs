//! The real router in this process, over a database and a blob folder of the test's own.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use server::config::{Config, Layers};
use server::db::migrate;
use server::state::AppState;
use shared::call::Call;
use shared::problem::{Code, Problem};
use shared::time::{Clock, Timestamp};
use tower::ServiceExt as _;

pub mod acts;
pub mod again;
pub mod bucket;
pub mod canary;
pub mod client;
pub mod engine;
pub mod enter;
pub mod smtp;
pub mod soft_passkey;

/// A Tuesday.
pub const NOW: Timestamp = Timestamp(1_795_000_000_000);

/// Runs a test whose devices share one thread.
pub fn rt(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

/// A clock that the test moves.
pub struct TestClock(AtomicU64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// A server that listens nowhere. A clone is the same server.
#[derive(Clone)]
pub struct TestApp {
    pub app: AppState,
    pub router: Router,
    pub clock: Arc<TestClock>,
    pub data: Arc<tempfile::TempDir>,
    settings: Vec<(String, String)>,
}

/// An answer, taken apart.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn problem(&self) -> Problem {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn code(&self) -> Code {
        self.problem().code
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The session's cookie as a browser sends it back.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With settings of the test's own.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let settings =
            settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        let data = Arc::new(tempfile::tempdir().unwrap());
        let clock = Arc::new(TestClock(AtomicU64::new(NOW.0)));
        let app = start(data.path(), &settings, Arc::clone(&clock)).await;
        Self { router: server::build(app.clone()), app, clock, data, settings }
    }

    /// Another server process over the same data.
    pub async fn restart(self) -> Self {
        let Self { app, router, clock, data, settings } = self;
        app.db.close().await;
        drop((app, router));
        let app = start(data.path(), &settings, Arc::clone(&clock)).await;
        Self { router: server::build(app.clone()), app, clock, data, settings }
    }

    pub fn pass(&self, millis: u64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    pub fn set_clock(&self, now: Timestamp) {
        self.clock.0.store(now.0, Ordering::SeqCst);
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A call as our own page makes it, with or without a session.
    pub async fn call<C: Call>(&self, cookie: Option<&str>, call: &C) -> Answer {
        let mut request = Request::post(C::ROUTE)
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(version) = call.if_match() {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        let body = Body::from(serde_json::to_vec(call).unwrap());
        self.send(request.body(body).unwrap()).await
    }

    /// A call that is answered, or the code of its problem.
    pub async fn ask<C: Call>(&self, cookie: Option<&str>, call: &C) -> Result<C::Reply, Code> {
        let answer = self.call(cookie, call).await;
        if answer.status == StatusCode::OK {
            Ok(serde_json::from_slice(&answer.body).unwrap())
        } else {
            Err(answer.code())
        }
    }
}

async fn start(data: &Path, settings: &[(String, String)], clock: Arc<TestClock>) -> AppState {
    let folder = data.to_str().unwrap();
    let mut pairs = vec![("data", folder)];
    pairs.extend(settings.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    let config = Config::parse(&Layers::from_pairs(&pairs)).unwrap();
    let db = engine::open(data).await;
    migrate::run(&db).await.unwrap();
    let blobs = bucket::open(&data.join("blobs")).await;
    server::start::assemble(config, db, blobs, clock).await.unwrap()
}
