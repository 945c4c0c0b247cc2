//! A part that does not arrive whole, over the real accept loop: the line is cut, closed, or goes
//! quiet in the middle of the body. Nothing of it is kept, and the upload goes on.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use std::net::SocketAddr;
use std::time::Duration;

use server::http::serve::{self, HEADER_DEADLINE, ServeOptions};
use shared::crypto::age::SEALED_PART;
use shared::encoding::to_base64url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use world::file::{Sealed, root_of_part};
use world::script::Script;
use world::{World, noise};

/// Two parts; the second is short.
const LARGE: usize = 5 * 1024 * 1024 + 3;

async fn listen(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = ServeOptions {
        max_connections: 8,
        drain: Duration::from_secs(1),
        header_deadline: HEADER_DEADLINE,
    };
    tokio::spawn(serve::run(listener, world.router.clone(), options, std::future::pending()));
    address
}

/// The head of a request that puts a part, as a browser's would be.
fn head(world: &World, file: &Sealed, index: u32, part: &[u8]) -> String {
    format!(
        "PUT /api/v1/uploads/{}/parts/{index} HTTP/1.1\r\nhost: localhost\r\ncookie: {}\r\n\
         sec-fetch-site: same-origin\r\ncontent-type: application/octet-stream\r\n\
         underseal-part-root: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        file.object,
        world.founder.cookie,
        to_base64url(&root_of_part(part).0),
        part.len(),
    )
}

async fn send(stream: &mut TcpStream, head: &str, body: &[u8]) {
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

async fn put(address: SocketAddr, head: &str, part: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    send(&mut stream, head, part).await;
    answer(stream).await
}

/// Nothing of the part is there, neither a row nor a byte.
async fn nothing_kept(world: &World, file: &Sealed, before: usize) {
    let standing = world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    assert_eq!(standing.kept.len(), before);
    assert_eq!(world.blobs().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_cut_in_the_middle_of_a_part_leaves_nothing_and_the_upload_goes_on() {
    let world = World::new().await;
    let address = listen(&world).await;
    let file = Sealed::new(&world, &world.office, &world.founder, &noise(LARGE));
    world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    let parts: Vec<_> = file.parts().collect();
    for (index, part) in &parts {
        let head = head(&world, &file, *index, part);
        for sent in [0, 1, 65_551, 65_552, part.len() / 2, part.len() - 1] {
            // Said to be over by the sender: the rest will never come.
            let mut stream = TcpStream::connect(address).await.unwrap();
            send(&mut stream, &head, &part[..sent]).await;
            stream.shutdown().await.unwrap();
            assert!(!answer(stream).await.starts_with("HTTP/1.1 200"), "{index} {sent}");
            // Torn off without a word, as a lost network does.
            let mut stream = TcpStream::connect(address).await.unwrap();
            send(&mut stream, &head, &part[..sent]).await;
            stream.set_zero_linger().unwrap();
            drop(stream);
        }
        nothing_kept(&world, &file, *index as usize).await;
        assert!(put(address, &head, part).await.starts_with("HTTP/1.1 200"));
    }
    nothing_kept(&world, &file, parts.len()).await;
    let mut script = Script::new(&world).await;
    file.file(&mut script, &world.office, &world.founder);
    world.append(&world.founder, &script.finish()).await.unwrap();
    let whole = world.get(&world.founder, file.object, &[]).await;
    assert!(whole.body == file.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_goes_quiet_is_told_so_and_its_place_is_given_back() {
    let world = World::with(&[("limits.body-seconds", "1")]).await;
    let address = listen(&world).await;
    let file = Sealed::new(&world, &world.office, &world.founder, &noise(LARGE));
    world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    let part = &file.bytes[..SEALED_PART];
    let head = head(&world, &file, 0, part);
    // More than there are connections: each must have ended.
    for _ in 0..2 {
        let quiet: Vec<_> = (0..8)
            .map(|_| {
                let (head, half) = (head.clone(), part[..SEALED_PART / 2].to_vec());
                tokio::spawn(async move { put(address, &head, &half).await })
            })
            .collect();
        for one in quiet {
            let said = one.await.unwrap();
            assert!(said.starts_with("HTTP/1.1 408"), "{said}");
            assert!(said.contains("application/problem+json"), "{said}");
        }
    }
    nothing_kept(&world, &file, 0).await;
    assert!(put(address, &head, part).await.starts_with("HTTP/1.1 200"));
    nothing_kept(&world, &file, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_was_announced_is_not_taken_for_the_part() {
    let world = World::new().await;
    let address = listen(&world).await;
    let file = Sealed::new(&world, &world.office, &world.founder, b"a letter");
    world.call(&world.founder, &file.start(&world.office)).await.unwrap();
    let head = head(&world, &file, 0, &file.bytes).replace(
        &format!("content-length: {}\r\n", file.bytes.len()),
        "transfer-encoding: chunked\r\n",
    );
    let chunk = |bytes: &[u8]| {
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        chunk
    };
    let end = b"0\r\n\r\n".as_slice();
    let (once, twice) = (chunk(&file.bytes), chunk(&[&file.bytes[..], b"x"].concat()));
    let said = put(address, &head, &[&twice[..], end].concat()).await;
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
    // The last chunk, which says that all has come, never comes.
    let mut stream = TcpStream::connect(address).await.unwrap();
    send(&mut stream, &head, &once).await;
    stream.shutdown().await.unwrap();
    assert!(!answer(stream).await.starts_with("HTTP/1.1 200"));
    nothing_kept(&world, &file, 0).await;
    assert!(put(address, &head, &[&once[..], end].concat()).await.starts_with("HTTP/1.1 200"));
}
