//! Permission as a value: what a policy approved, and what only a policy can make.
//!
//! A function that writes takes a `Permit<Act>` instead of the act, so it cannot be called with an
//! act that nobody checked.

use core::ops::Deref;

/// An act that a policy allowed.
#[must_use]
pub struct Permit<A>(A);

impl<A> Permit<A> {
    /// Called by `policy.rs` files and nowhere else.
    pub(crate) const fn allow(act: A) -> Self {
        Self(act)
    }
}

impl<A> Deref for Permit<A> {
    type Target = A;
    fn deref(&self) -> &A {
        &self.0
    }
}
