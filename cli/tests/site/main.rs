//! A live portal held to a signed release: honest, and with one byte or one header changed.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../harness/mod.rs"]
mod harness;
mod live;
mod officer;

use std::fs;

use axum::http::{HeaderName, HeaderValue};
use axum::middleware::map_response;
use cli::site::fetch::Http;
use cli::site::{self, Question};
use shared::crypto::keys::SigningKey;

use crate::live::{DESK, FILES, Live};

#[test]
fn a_portal_that_serves_the_release_verifies() {
    let live = Live::start();
    let (read, said) = live.verify().unwrap();
    assert_eq!(read.release.files.len(), FILES.len());
    assert!(said.contains("15 files, byte for byte"), "{said}");
}

#[test]
fn one_changed_byte_in_any_file_is_found_and_the_file_is_named() {
    let live = Live::start();
    for (name, text) in FILES {
        let mut bytes = text.as_bytes().to_vec();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(live.place(name), &bytes).unwrap();
        let said = live.refusal();
        let named = name.trim_end_matches(".br").trim_end_matches(".gz");
        assert!(said.contains(&format!("/{named}")), "{name}: {said}");
        fs::write(live.place(name), [text.as_bytes(), b" "].concat()).unwrap();
        assert!(live.refusal().contains(&format!("/{named}")), "{name}");
        fs::write(live.place(name), text).unwrap();
    }
    assert!(live.verify().is_ok());
}

#[test]
fn a_page_that_runs_one_script_more_is_found_by_that_script() {
    let live = Live::start();
    let evil = format!(r#"{DESK}<script src="/assets/evil-0123456789abcdef.js"></script>"#);
    fs::write(live.place("assets/evil-0123456789abcdef.js"), "evil()").unwrap();
    fs::write(live.place("index.html"), evil).unwrap();
    assert!(live.refusal().contains("evil-0123456789abcdef.js"));
}

#[test]
fn a_file_that_is_gone_or_another_form_of_it_is_found() {
    let live = Live::start();
    fs::remove_file(live.place("favicon.svg")).unwrap();
    assert!(live.refusal().contains("/favicon.svg is answered with status 404"));
    fs::write(live.place("favicon.svg"), "<svg/>").unwrap();
    fs::write(live.place("robots.txt.br"), "squeezed by somebody else").unwrap();
    assert!(live.refusal().contains("/robots.txt is sent as `br`"));
}

#[test]
fn a_header_that_is_missing_or_weaker_is_found() {
    for (name, value) in [
        ("content-security-policy", "default-src 'self'"),
        ("integrity-policy", "blocked-destinations=()"),
        ("x-content-type-options", "sniff"),
        ("content-type", "text/html"),
        ("cross-origin-resource-policy", "cross-site"),
        ("referrer-policy", "unsafe-url"),
    ] {
        let live = Live::through(move |router| {
            router.layer(map_response(move |mut answer: axum::response::Response| async move {
                if answer.headers().contains_key(name) {
                    let value = HeaderValue::from_static(value);
                    answer.headers_mut().insert(HeaderName::from_static(name), value);
                }
                answer
            }))
        });
        assert!(live.refusal().contains(&format!("`{name}: {value}`")), "{name}");
    }
}

#[test]
fn a_header_that_is_sent_twice_is_found() {
    let live = Live::through(|router| {
        router.layer(map_response(|mut answer: axum::response::Response| async move {
            let lax = HeaderValue::from_static("default-src *");
            answer.headers_mut().append("content-security-policy", lax);
            answer
        }))
    });
    assert!(live.refusal().contains("content-security-policy"));
}

#[test]
fn a_release_of_another_maker_is_none() {
    let live = Live::start();
    let other = Live { key: SigningKey::generate().public(), ..Live::start() };
    assert!(other.refusal().contains("not one that this key signed"));
    let mut bytes = fs::read(live.release()).unwrap();
    bytes[60] ^= 1;
    fs::write(live.release(), bytes).unwrap();
    assert!(live.refusal().contains("not one that this key signed"));
    fs::remove_file(live.release()).unwrap();
    assert!(live.refusal().contains("shows no release"));
}

#[test]
fn only_an_address_is_taken_for_a_site_and_tls_needs_no_help() {
    for bad in ["portal.example.com", "http://portal.example.com", "https://", "https://a/b"] {
        assert_eq!(Http::new(bad).err().map(|refusal| refusal.code()), Some(2), "{bad}");
    }
    // A portal without TLS, asked by TLS: an error of the handshake, so the provider was there.
    let live = Live::start();
    let url = format!("https://{}", live.address);
    let question = Question { site: &url, key: live.key, release: Some(live.release()) };
    let refusal = site::verify(&question, &Http::new(&url).unwrap(), &mut Vec::new()).err();
    let refusal = refusal.unwrap();
    assert_eq!(refusal.code(), 2);
    assert!(refusal.to_string().contains("cannot be reached"), "{refusal}");
}
