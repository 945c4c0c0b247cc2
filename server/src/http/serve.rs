//! The accept loop: deadlines for headers, a cap on connections, and a stop that lets requests
//! finish but not for ever. `axum::serve` has no timer, so a slow sender would hold a connection
//! for as long as it likes.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt as _;

use super::peer::Peer;

/// How long a request's headers may take.
pub const HEADER_DEADLINE: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(30);
const MAX_HEADERS: usize = 64;
const MAX_STREAMS: u32 = 64;

/// How the listener behaves.
pub struct ServeOptions {
    /// Most connections at once; more wait in the kernel's queue.
    pub max_connections: usize,
    /// How long a stop waits.
    pub drain: Duration,
    /// How long a request's headers may take.
    pub header_deadline: Duration,
}

/// Serves until `stop` resolves, then drains.
///
/// # Errors
/// None at present: a connection's failure is its own.
pub async fn run(
    listener: TcpListener,
    router: Router,
    options: ServeOptions,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(options.max_connections));
    let graceful = GracefulShutdown::new();
    let mut stop = core::pin::pin!(stop);
    loop {
        // The semaphore is never closed, so a missing place only means waiting.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match stream {
            Ok((stream, address)) => {
                let router = router.clone();
                let deadline = options.header_deadline;
                let watcher = graceful.watcher();
                tokio::spawn(one(stream, Peer(address.ip()), router, watcher, deadline, place));
            }
            // Out of file descriptors, most likely: give connections time to end.
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(options.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way at the end of the drain");
    }
    Ok(())
}

async fn one(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    watcher: Watcher,
    deadline: Duration,
    place: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let Ok(Ok(speaks)) = tokio::time::timeout(deadline, first_words(&stream)).await else {
        return;
    };
    let builder = builder(speaks, deadline);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "connection ended");
    }
    drop(place);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Http1,
    Http2,
}

// hyper-util's own detection has no deadline: it would wait for ever on half a preface.
async fn first_words(stream: &TcpStream) -> io::Result<Speaks> {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let mut seen = [0; PREFACE.len()];
    loop {
        let length = stream.peek(&mut seen).await?;
        let seen = seen.get(..length).unwrap_or_default();
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !PREFACE.starts_with(seen) {
            return Ok(Speaks::Http1);
        }
        if length == PREFACE.len() {
            return Ok(Speaks::Http2);
        }
        // The rest of a preface is on its way; peeking again at once would spin.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn builder(speaks: Speaks, deadline: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(deadline).max_headers(MAX_HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(deadline)
        .max_header_list_size(16 * 1024)
        .max_concurrent_streams(MAX_STREAMS);
    match speaks {
        Speaks::Http1 => builder.http1_only(),
        Speaks::Http2 => builder.http2_only(),
    }
}

/// Listens for ctrl-c and SIGTERM from now on; what it gives back resolves at the first of them.
///
/// # Errors
/// When the system has no handler to give.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without a handler there is nothing to wait for but the end of the process.
        let _ = tokio::signal::ctrl_c().await;
    })
}
