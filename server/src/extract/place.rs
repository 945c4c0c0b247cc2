//! Where a request comes from, as its owner may see it listed: the browser's two words for itself, and
//! the neighbourhood of its address. Neither is believed for anything.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use shared::identity::agent;

use crate::http::peer::Peer;
use crate::state::{App, AppState};

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// "Firefox on Linux".
    pub device: String,
    /// "203.0.113.0/24"; empty where there is no connection, as in tests.
    pub network: String,
}

impl Place {
    /// Of a request.
    #[must_use]
    pub fn of(parts: &Parts, app: &App) -> Self {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let peer = parts.extensions.get::<Peer>();
        let network = peer.map(|peer| neighbourhood(app.counted_as(peer.0, &parts.headers)));
        Self {
            device: agent::describe(agent.unwrap_or_default()),
            network: network.unwrap_or_default(),
        }
    }
}

impl FromRequestParts<AppState> for Place {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app))
    }
}

// Enough to tell the office from elsewhere, and no person's address.
fn neighbourhood(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
    use super::neighbourhood;

    #[test]
    fn no_address_is_kept_whole() {
        assert_eq!(neighbourhood("203.0.113.77".parse().unwrap()), "203.0.113.0/24");
        assert_eq!(neighbourhood("2001:db8:1:2:3::9".parse().unwrap()), "2001:db8:1::/48");
    }
}
