//! Who is at the other end, as far as an address says so. Used for limits only, never stored.

use std::net::IpAddr;

use axum::http::HeaderMap;

/// The address of the connection's other end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Peer(pub IpAddr);

/// The address a request is counted under. `X-Forwarded-For` is believed only from the configured
/// proxies, read from its end: everything before the last address we trust is hearsay.
#[must_use]
pub fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let mut current = peer;
    let hops: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .map_while(|hop| hop.trim().parse().ok())
        .collect();
    for hop in hops.into_iter().rev() {
        if !proxies.contains(&current) {
            break;
        }
        current = hop;
    }
    narrow(current)
}

// One household has one /64, so limits count that.
fn narrow(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            },
            IpAddr::V4,
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
    use super::*;

    fn seen(peer: &str, forwarded: &str, proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let proxies: Vec<IpAddr> = proxies.iter().map(|p| p.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    proptest::proptest! {
        /// Whatever the header says, it counts only behind a proxy, and as an address that stands in it.
        #[test]
        fn any_words_are_read(text in "[0-9a-f:., ]{0,60}|[\\x20-\\x7e]{0,60}") {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", text.parse().unwrap());
            let peer: IpAddr = "10.0.0.1".parse().unwrap();
            assert_eq!(client(peer, &headers, &[]), peer);
            let seen = client(peer, &headers, &[peer]);
            let named = text.split(',').filter_map(|hop| hop.trim().parse().ok()).map(narrow);
            assert!(seen == peer || named.into_iter().any(|hop| hop == seen));
        }
    }

    #[test]
    fn a_stranger_cannot_claim_another_address() {
        assert_eq!(seen("9.9.9.9", "1.2.3.4", &[]), "9.9.9.9");
        assert_eq!(seen("10.0.0.1", "1.2.3.4", &["10.0.0.1"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", "6.6.6.6, 1.2.3.4", &["10.0.0.1"]), "1.2.3.4");
        assert_eq!(seen("2001:db8::77", "", &[]), "2001:db8::");
    }
}
