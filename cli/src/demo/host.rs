//! One person's browser, as far as the client core needs one: a connection with its own session, a
//! store that lasts as long as the program, and the machine's clock.

use std::cell::RefCell;
use std::time::Duration;

use shared::client::host::{Leisure, PassphraseWork, SignatureWork};
use shared::client::store::{DeviceStore, MemoryStore, StoreError};
use shared::client::transport::{Method, Request, Response, Transport, Unreachable};
use shared::client::turn::NamedTurn;
use shared::time::{Clock, Timestamp};
use ureq::http::{HeaderMap, header};

/// A device: a way to the server, and a store.
pub struct Device<T> {
    wire: T,
    store: MemoryStore,
}

impl<T> Device<T> {
    /// A device that has kept nothing yet.
    #[must_use]
    pub fn new(wire: T) -> Self {
        Self { wire, store: MemoryStore::default() }
    }
}

impl<T: Transport> Transport for Device<T> {
    type Sealed = T::Sealed;

    async fn send(&self, request: Request<T::Sealed>) -> Result<Response, Unreachable> {
        self.wire.send(request).await
    }
}

impl<T> DeviceStore for Device<T> {
    type Lock = NamedTurn;

    async fn lock(&self, name: &str) -> NamedTurn {
        self.store.lock(name).await
    }
    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.load(key).await
    }
    async fn save(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.store.save(key, value).await
    }
    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.store.remove(key).await
    }
    async fn keys(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.store.keys(prefix).await
    }
}

impl<T> PassphraseWork for Device<T> {}
impl<T> Leisure for Device<T> {}
impl<T> SignatureWork for Device<T> {}

impl<T> Clock for Device<T> {
    #[allow(clippy::disallowed_methods, reason = "the program's one look at the machine's clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// HTTP to a server, with the one cookie that the server sets.
pub struct HttpWire {
    agent: ureq::Agent,
    origin: String,
    cookie: RefCell<Option<String>>,
}

/// How often a request is repeated when the server says that there were too many.
const TRIES: u32 = 20;

impl HttpWire {
    /// A connection without a session.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            agent: config.into(),
            origin: origin.trim_end_matches('/').to_owned(),
            cookie: RefCell::new(None),
        }
    }

    fn once(&self, request: &Request) -> Result<Response, Unreachable> {
        let uri = format!("{}{}", self.origin, request.path);
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        };
        let mut builder = ureq::http::Request::builder().method(method).uri(uri);
        for (name, value) in headers(request, self.cookie.borrow().as_deref()) {
            builder = builder.header(name, value);
        }
        let answered = if request.method == Method::Get {
            self.agent.run(builder.body(()).map_err(|_| Unreachable)?)
        } else {
            self.agent.run(builder.body(request.body.as_ref()).map_err(|_| Unreachable)?)
        };
        let mut response = answered.map_err(|_| Unreachable)?;
        keep_cookie(&self.cookie, response.headers());
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec();
        Ok(Response { status, body: body.map_err(|_| Unreachable)? })
    }
}

impl Transport for HttpWire {
    type Sealed = Vec<u8>;

    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        for _ in 0..TRIES {
            let response = self.once(&request)?;
            if response.status != 429 {
                return Ok(response);
            }
            // A dozen clients at one address look like one in a great hurry.
            std::thread::sleep(Duration::from_millis(500));
        }
        self.once(&request)
    }
}

/// The headers of a request, as a browser would send them.
pub fn headers(request: &Request, cookie: Option<&str>) -> Vec<(header::HeaderName, String)> {
    let named = |(name, value)| (header::HeaderName::from_static(name), value);
    let mut headers: Vec<_> = request.headers().into_iter().map(named).collect();
    if let Some(cookie) = cookie {
        headers.push((header::COOKIE, cookie.to_owned()));
    }
    headers
}

/// Keeps the session's cookie when the server sets one.
pub fn keep_cookie(jar: &RefCell<Option<String>>, headers: &HeaderMap) {
    for value in headers.get_all(header::SET_COOKIE) {
        let pair = value.to_str().ok().and_then(|text| text.split(';').next());
        if let Some(pair) = pair {
            let ended = pair.ends_with('=');
            *jar.borrow_mut() = (!ended).then(|| pair.to_owned());
        }
    }
}
