//! Recovery by the firm's officers: the recovery key cut into shares, each looked at every quarter, and the
//! ceremony by which the seats of a key that was lost pass to its holder's new one.
//!
//! A person who lost everything comes back as everybody comes: by an invitation, with new keys, whose holder
//! the inviter tells by the link's MAC. What only the recovery key opens is given to those keys by the quorum:
//! a colleague asks ([`session`]), officers compare a code and give their shares ([`shares`]) to a key that was
//! made for this once, and after a day the asking device puts the shares together, opens the root by them,
//! and passes the seats on ([`pass`]). What everybody takes of it, and refuses, is in
//! [`crate::journal::ceremony`].

pub mod copy;
mod fold;
pub mod pass;
pub mod session;
pub mod shares;
pub mod sheets;
mod unprinted;
pub mod view;
