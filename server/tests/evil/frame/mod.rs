//! How an attack is tried: on the product, which must refuse it by name, and on a build that has the
//! fault of its row (`shared::vuln`), on which it must succeed, or the test shows nothing.
//!
//! ```text
//! fn: exploit(stage) -> Ok(()): the attacker has what was wanted
//!                    -> Err(Refusal): refused, by this name
//! ```
//! On the product each exploit runs twice, in two firms whose people write different words of equal
//! length, and the oracles of `oracles.rs` look at both. Steps that prepare an attack unwrap; only what
//! the victim's device says to the attack itself becomes a refusal.

pub mod age;
pub mod cipher;
pub mod forge;
pub mod journal;
pub mod lies;
mod oracles;
pub mod planted;
mod report;
pub mod scene;
mod stage;

#[cfg(not(feature = "vuln"))]
pub use oracles::picture_of;
pub use oracles::watched;
#[allow(unused_imports, reason = "each row uses its part")]
pub use stage::{Stage, tamper, twist, untwist};

use shared::client::ClientError;
use shared::crypto::keys::{Caps, Role};

use crate::harness::acts::Tale;
use crate::harness::{NOW, rt};
use crate::world::{Person, World, person};

/// Why an attack came to nothing, by the name of the error, or in a word where nothing needed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

/// What became of an attack.
pub type Verdict = Result<(), Refusal>;

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        Self(match error {
            ClientError::Forked(_) => "Forked".to_owned(),
            other => format!("{other:?}"),
        })
    }
}

/// Refused without an error: in a word, such as `hidden` or `unverified`.
pub fn refused(how: &str) -> Verdict {
    Err(Refusal(how.to_owned()))
}

/// Tries one exploit of a row (`"A01"`). The product must refuse it by exactly this name.
pub fn attempt(row: &str, expected: &str, exploit: impl AsyncFn(&Stage) -> Verdict) {
    #[cfg(feature = "vuln")]
    {
        shared::vuln::choose(row.strip_prefix('A').unwrap().parse().unwrap());
        let _ = expected;
        let verdict = on_a_stage(Tale::USUAL, &exploit, |_| {});
        report::write(row, &verdict);
        assert_eq!(verdict, Ok(()), "{row}: the weakened build must fall, or the test is blind");
    }
    #[cfg(not(feature = "vuln"))]
    {
        let mut transcripts = Vec::new();
        for tale in [Tale::USUAL, Tale::OTHER] {
            let verdict = on_a_stage(tale, &exploit, |stage| transcripts.push(stage.transcript()));
            report::write(row, &verdict);
            assert_eq!(
                verdict,
                Err(Refusal(expected.to_owned())),
                "{row}: the product must refuse"
            );
        }
        assert_eq!(
            transcripts[0], transcripts[1],
            "{row}: what goes out depends on what is secret"
        );
    }
}

/// A test that is no attempt is about the product: on a build with faults, none is in force.
pub fn without_faults() {
    #[cfg(feature = "vuln")]
    shared::vuln::choose(0);
}

fn on_a_stage(
    tale: Tale,
    exploit: &impl AsyncFn(&Stage) -> Verdict,
    afterwards: impl FnOnce(&Stage),
) -> Verdict {
    let stage = Stage::new(tale);
    let _logs = stage.listen();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let verdict = runtime.block_on(exploit(&stage));
    if !shared::vuln::BUILT {
        runtime.block_on(oracles::judge(&stage));
    }
    afterwards(&stage);
    verdict
}

/// A test beside the attempts, on the product's own checks whichever build this is.
pub fn plainly(test: impl Future<Output = ()>) {
    without_faults();
    rt(test);
}

/// Somebody with keys of the attacker's: in the firm's words, as good as anybody.
pub fn ghost(stage: &Stage, world: &World, role: Role) -> Person {
    let caps = if role == Role::Client { Caps::NONE } else { Caps::ALL };
    let mut ghost = person(world.firm, role, caps);
    let thief = stage.attacker(role);
    ghost.keys = forge::copy(&thief);
    ghost.bundle = thief.bundle(role, ghost.bundle.subject, world.firm, NOW, None, caps);
    ghost
}
