//! A secret is awkward on purpose: it cannot be printed, copied or serialised by accident, and its
//! memory is overwritten when it goes.

use core::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A value that only comes out through [`Secret::expose`], each use of which owes a reason beside it.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes charge of a secret value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value itself. Write an `// EXPOSE:` comment with the reason beside each call.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
