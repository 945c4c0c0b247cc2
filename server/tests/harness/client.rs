//! The client core over the real router, in this process: what a browser does, without the browser.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::{Request as HttpRequest, header};
use http_body_util::BodyExt as _;
use shared::client::Portal;
use shared::client::host::{Claim, Leisure, PassphraseWork, SignatureWork};
use shared::client::store::{DeviceStore, MemoryStore, StoreError};
use shared::client::transport::{Method, Request, Response, Transport, Unreachable};
use shared::client::turn::NamedTurn;
use shared::crypto::signed::Verifier;
use shared::time::{Clock, Timestamp};
use tokio::sync::Barrier;
use tower::ServiceExt as _;

/// What an evil server makes of its own answers: path, question, honest answer.
pub type Twist = Box<dyn FnMut(&str, &[u8], Vec<u8>) -> Vec<u8>>;

/// One request as it left a device.
pub struct Sent {
    pub path: String,
    pub body: Vec<u8>,
}

thread_local! {
    /// Everything that any device of this test sent, in order.
    pub static WIRE: RefCell<Vec<Sent>> = const { RefCell::new(Vec::new()) };
}

/// What a device's calls came to.
#[derive(Debug, Default, Clone, Copy)]
pub struct Meter {
    /// Spent in the server.
    pub seconds: f64,
    /// How many.
    pub calls: u32,
    /// Of answers.
    pub bytes: usize,
}

/// A device with a browser: its storage, its cookie, its clock, its line to the server.
pub struct Device {
    router: RefCell<Router>,
    cookie: RefCell<Option<String>>,
    store: Rc<MemoryStore>,
    /// What the device's clock says.
    pub now: Rc<Cell<Timestamp>>,
    /// Requests left before the line is cut; `None` for a line that holds.
    pub cut_after: Cell<Option<u32>>,
    /// A path whose requests are lost before the server hears of them.
    pub unheard: Cell<Option<&'static str>>,
    /// Everything that went out, for whoever looks for what must not.
    pub sent: RefCell<Vec<u8>>,
    /// Who stands between this device and the honest router.
    pub twist: RefCell<Option<Twist>>,
    /// Whether whoever stands there says that all is well where the honest server refuses.
    pub bold: Cell<bool>,
    /// Where answers that were twisted wait for one another, so that they arrive at once; one each.
    pub meet: RefCell<Vec<Rc<Barrier>>>,
    /// For whoever measures.
    pub meter: Cell<Meter>,
    /// Requests that the server answers as if they were others: which path for which.
    pub detour: RefCell<Option<(String, String)>>,
}

impl Device {
    /// A new device at this server.
    pub fn new(router: &Router, now: Timestamp) -> Portal<Self> {
        Portal::new(Self {
            router: RefCell::new(router.clone()),
            cookie: RefCell::new(None),
            store: Rc::new(MemoryStore::default()),
            now: Rc::new(Cell::new(now)),
            cut_after: Cell::new(None),
            unheard: Cell::new(None),
            sent: RefCell::new(Vec::new()),
            twist: RefCell::new(None),
            bold: Cell::new(false),
            meet: RefCell::default(),
            meter: Cell::default(),
            detour: RefCell::new(None),
        })
    }

    /// The same device after a reload: storage and cookie stay, everything in memory is gone.
    pub fn reload(&self) -> Portal<Self> {
        Portal::new(Self {
            router: RefCell::new(self.router.borrow().clone()),
            cookie: RefCell::new(self.cookie.borrow().clone()),
            store: Rc::clone(&self.store),
            now: Rc::clone(&self.now),
            cut_after: Cell::new(None),
            unheard: Cell::new(None),
            sent: RefCell::new(Vec::new()),
            twist: RefCell::new(None),
            bold: Cell::new(false),
            meet: RefCell::default(),
            meter: Cell::default(),
            detour: RefCell::new(None),
        })
    }

    /// Another server process behind the same address.
    pub fn connect_to(&self, router: &Router) {
        *self.router.borrow_mut() = router.clone();
    }

    /// Forgets the session, as an expired cookie does.
    pub fn drop_session(&self) {
        self.cookie.borrow_mut().take();
    }

    fn is_cut(&self) -> bool {
        match self.cut_after.get() {
            Some(0) => true,
            Some(left) => {
                self.cut_after.set(Some(left - 1));
                false
            }
            None => false,
        }
    }
}

impl Transport for Device {
    type Sealed = Vec<u8>;

    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        if self.is_cut() || self.unheard.get() == Some(request.path.as_str()) {
            return Err(Unreachable);
        }
        self.sent.borrow_mut().extend_from_slice(request.path.as_bytes());
        self.sent.borrow_mut().extend_from_slice(request.body.as_ref());
        WIRE.with_borrow_mut(|wire| {
            wire.push(Sent { path: request.path.clone(), body: request.body.as_ref().to_vec() });
        });
        let router = self.router.borrow().clone();
        let (path, question) = (request.path.clone(), request.body.as_ref().to_vec());
        let begun = Instant::now();
        let response = router.oneshot(self.http(request)).await.map_err(|_| Unreachable)?;
        // The answer may be lost on the way back although the server did its work.
        if self.cut_after.get() == Some(0) {
            return Err(Unreachable);
        }
        for value in response.headers().get_all(header::SET_COOKIE) {
            let text = value.to_str().map_err(|_| Unreachable)?;
            let pair = text.split(';').next().unwrap_or_default().to_owned();
            let ended = pair.ends_with('=');
            *self.cookie.borrow_mut() = (!ended).then_some(pair);
        }
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.map_err(|_| Unreachable)?;
        let body = body.to_bytes().to_vec();
        let Meter { seconds, calls, bytes } = self.meter.get();
        self.meter.set(Meter {
            seconds: seconds + begun.elapsed().as_secs_f64(),
            calls: calls + 1,
            bytes: bytes + body.len(),
        });
        let honest = body.clone();
        let body = match &mut *self.twist.borrow_mut() {
            Some(twist) => twist(&path, &question, body),
            None => body,
        };
        let status = if self.bold.get() && body != honest { 200 } else { status };
        let meet = if body == honest { None } else { self.meet.borrow_mut().pop() };
        if let Some(meet) = meet {
            meet.wait().await;
        }
        Ok(Response { status, body })
    }
}

impl Device {
    fn http(&self, request: Request) -> HttpRequest<Body> {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        };
        let detour = self.detour.borrow();
        let path = match &*detour {
            Some((from, to)) if *from == request.path => to,
            _ => &request.path,
        };
        let mut built = HttpRequest::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header("sec-fetch-site", "same-origin");
        for (name, value) in request.headers() {
            built = built.header(name, value);
        }
        if let Some(cookie) = self.cookie.borrow().as_deref() {
            built = built.header(header::COOKIE, cookie);
        }
        built.body(Body::from(request.body.as_ref().to_vec())).unwrap()
    }
}

/// A browser's storage takes its time, and other tabs go on meanwhile.
async fn others_go_on() {
    tokio::task::yield_now().await;
}

impl DeviceStore for Device {
    type Lock = NamedTurn;

    async fn lock(&self, name: &str) -> NamedTurn {
        self.store.lock(name).await
    }

    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        others_go_on().await;
        self.store.load(key).await
    }
    async fn save(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        others_go_on().await;
        self.store.save(key, value).await
    }
    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.store.remove(key).await
    }
    async fn keys(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.store.keys(prefix).await
    }
}

impl PassphraseWork for Device {}
impl Leisure for Device {}
impl SignatureWork for Device {
    /// Side by side, as a browser's workers do it on two cores.
    async fn verify(&self, claims: &[Claim<'_>]) -> Vec<bool> {
        if claims.len() < 64 {
            return Vec::new();
        }
        let judge = |some: &[Claim<'_>]| {
            let mut verifier = Verifier::default();
            some.iter().map(|one| verifier.holds(one.statement, &one.key)).collect::<Vec<_>>()
        };
        std::thread::scope(|scope| {
            let halves = claims.chunks(claims.len().div_ceil(2));
            let hands: Vec<_> = halves.map(|half| scope.spawn(move || judge(half))).collect();
            hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
        })
    }
}

impl Clock for Device {
    fn now(&self) -> Timestamp {
        self.now.get()
    }
}
