//! Who may say which release of the app the firm accepts. Pure. The release itself is the maker's and
//! stands in no stream; a device checks the same when it reads (`shared::client::releases`).

use shared::crypto::keys::Caps;
use shared::journal::release::AcceptedRelease;

use super::policy::lacks_capability;
use super::signer::Signer;
use crate::error::ApiError;

/// Staff with `POLICY` accepts a release, under a key that can bind its maker.
///
/// # Errors
/// When the signer lacks the capability, or the key is none.
pub(super) fn may_accept(signer: &Signer, accepted: &AcceptedRelease) -> Result<(), ApiError> {
    if !signer.is_staff_with(Caps::POLICY) {
        return Err(lacks_capability());
    }
    if !accepted.key.is_sound() {
        return Err(ApiError::invalid("The release's key is no key that can bind its maker."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use shared::crypto::hash::Hash32;
    use shared::crypto::keys::{Kid, SigningKey, VerifyKey};
    use shared::ids::{AccountId, InviteId, MatterId};

    use super::super::signer::Part;
    use super::*;

    fn by(part: Part, key: VerifyKey) -> bool {
        let signer = Signer { kid: Kid([1; 32]), key: VerifyKey([1; 32]), part };
        let act = AcceptedRelease { key, release: Hash32([2; 32]) };
        may_accept(&signer, &act).is_ok()
    }

    #[test]
    fn only_whoever_decides_for_the_firm_accepts_a_release() {
        let key = SigningKey::generate().public();
        let staff = |caps| Part::Staff { account: AccountId([3; 16]), caps };
        assert!(by(staff(Caps::POLICY), key));
        assert!(!by(staff(Caps::ADMIT), key));
        assert!(!by(Part::Root, key));
        let client = Part::Client { matter: MatterId([4; 16]), invite: InviteId([5; 16]) };
        assert!(!by(client, key));
        assert!(!by(staff(Caps::POLICY), VerifyKey([0; 32])));
    }
}
