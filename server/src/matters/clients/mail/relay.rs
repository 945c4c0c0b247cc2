//! The mail server that takes our mails: over TLS, or on this machine.

use core::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use shared::time::Timestamp;

use super::message::Recipient;
use crate::config::Smtp;

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// It was taken.
    Sent,
    /// The address is refused for good.
    Refused,
    /// Not now: nobody answers, "later", or it does not take our own word.
    Later,
}

/// The way out.
pub struct Relay {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
    /// The first wait before another try.
    pub(super) first_wait: Duration,
}

impl Relay {
    /// As it is configured; nothing is connected yet.
    ///
    /// # Errors
    /// When the name of the mail server is none that a certificate can have.
    pub fn open(settings: &Smtp, host: &str) -> Result<Self, lettre::transport::smtp::Error> {
        let server = settings.host.as_str();
        let builder = if settings.implicit_tls {
            AsyncSmtpTransport::<Tokio1Executor>::relay(server)?
        } else if settings.is_local() {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server)
        } else {
            AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(server)?
        };
        let mut builder = builder
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(host.to_owned()))
            .port(settings.port);
        if let Some((user, password)) = &settings.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self {
            transport: builder.build(),
            from: Mailbox::new(None, settings.from.clone()),
            host: host.to_owned(),
            first_wait: settings.first_wait,
        })
    }

    /// A name for a mail, the same at each try.
    pub(super) fn name(&self) -> String {
        let number = shared::encoding::to_hex(&shared::crypto::rng::random::<16>());
        ["<", &number, "@", &self.host, ">"].concat()
    }

    /// Tries once. Nothing of what the mail server answers is kept but its number: its words may repeat the
    /// address.
    pub(super) async fn try_once(&self, to: &Recipient, name: &str, now: Timestamp) -> Try {
        let Ok(message) = to.message(&self.from, name, now) else { return Try::Refused };
        let Err(error) = self.transport.send(message).await else { return Try::Sent };
        let number = error.status().map_or(0, u16::from);
        // It does not believe us, or does not like what we say: no fault of the address.
        let ours = matches!(number, 500..=504 | 521 | 523 | 530 | 534 | 535 | 538 | 554);
        if error.is_permanent() && !ours {
            return Try::Refused;
        }
        tracing::warn!(number, "a mail waits: the mail server did not take it");
        Try::Later
    }
}
