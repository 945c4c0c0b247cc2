//! The accept loop over real sockets: slow senders, too many connections, a stop that drains.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use server::http::serve::{self, ServeOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

async fn running(router: Router, max_connections: usize, drain: Duration) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let header_deadline = Duration::from_millis(300);
    let options = ServeOptions { max_connections, drain, header_deadline };
    let ended = tokio::spawn(async move {
        serve::run(listener, router, options, async {
            let _ = stopped.await;
        })
        .await
        .unwrap();
    });
    Running { address, stop, ended }
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

fn slow(millis: u64) -> Router {
    Router::new().route(
        "/",
        get(async move || {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            "done"
        }),
    )
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

async fn ask(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    answer(&mut stream).await
}

#[tokio::test]
async fn a_request_is_answered() {
    let server = running(hello(), 8, Duration::from_secs(1)).await;
    assert!(ask(server.address).await.ends_with("hello"));
}

#[tokio::test]
async fn whoever_never_finishes_its_headers_is_cut_off() {
    let server = running(hello(), 8, Duration::from_secs(1)).await;
    for beginning in [b"".as_slice(), b"P", b"PRI * HTT", b"GET / HTTP/1.1\r\nhost: a\r\n", b"GET"]
    {
        let started = Instant::now();
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        let waited = started.elapsed();
        assert!(waited < Duration::from_secs(3), "{beginning:?} held on for {waited:?}");
    }
}

#[tokio::test]
async fn slow_senders_do_not_keep_others_waiting_for_ever() {
    let server = running(hello(), 4, Duration::from_secs(1)).await;
    let mut held = Vec::new();
    for _ in 0..12 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        held.push(stream);
    }
    let served = tokio::time::timeout(Duration::from_secs(5), ask(server.address)).await;
    assert!(served.unwrap().ends_with("hello"));
}

#[tokio::test]
async fn no_more_connections_than_allowed_are_served_at_once() {
    let server = running(slow(300), 2, Duration::from_secs(1)).await;
    let started = Instant::now();
    let asked: Vec<_> = (0..6).map(|_| tokio::spawn(ask(server.address))).collect();
    for one in asked {
        assert!(one.await.unwrap().ends_with("done"));
    }
    assert!(started.elapsed() >= Duration::from_millis(900));
}

#[tokio::test]
async fn a_stop_lets_the_request_under_way_finish_and_takes_no_new_one() {
    let server = running(slow(400), 8, Duration::from_secs(5)).await;
    let under_way = tokio::spawn(ask(server.address));
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.send(()).unwrap();
    assert!(under_way.await.unwrap().ends_with("done"));
    server.ended.await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_stop_waits_no_longer_than_the_drain() {
    let server = running(slow(60_000), 8, Duration::from_millis(300)).await;
    let under_way = tokio::spawn(async move {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(ASK).await.unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(3), server.ended).await.unwrap().unwrap();
    under_way.abort();
}

#[tokio::test]
async fn a_panic_in_a_handler_leaves_the_others_served() {
    let broken = hello().route("/broken", get(|| async { panic!("on purpose") as &'static str }));
    let server = running(broken, 8, Duration::from_secs(1)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /broken HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(ask(server.address).await.ends_with("hello"));
}
