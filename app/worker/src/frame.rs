//! Several byte strings as one, for the small parameters between page and worker: each is preceded
//! by its length. Both ends are the same build, so this is no format to keep.

use shared::secret::Secret;

/// Joins. What is joined may be secret: it is wiped when it goes.
#[must_use]
pub fn join(parts: &[&[u8]]) -> Secret<Vec<u8>> {
    // The right size from the start: a vector that grows leaves copies behind.
    let mut joined = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        joined.extend_from_slice(&(part.len() as u32).to_le_bytes());
        joined.extend_from_slice(part);
    }
    Secret::new(joined)
}

/// Takes apart what [`join`] made of exactly `N` parts, without a copy.
#[must_use]
pub fn split<const N: usize>(mut joined: &[u8]) -> Option<[&[u8]; N]> {
    let mut parts = Vec::with_capacity(N);
    while parts.len() < N {
        let (len, rest) = joined.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        parts.push(part);
        joined = rest;
    }
    if !joined.is_empty() {
        return None;
    }
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn parts_come_back_as_they_went_in() {
        let joined = join(&[b"state", b"", b"answer"]);
        let expected: [&[u8]; 3] = [b"state", b"", b"answer"];
        assert_eq!(split(joined.expose()), Some(expected));
    }

    #[wasm_bindgen_test]
    fn another_number_of_parts_is_refused() {
        let joined = join(&[b"a", b"b"]);
        let joined = joined.expose();
        assert_eq!(split::<1>(joined), None);
        assert_eq!(split::<3>(joined), None);
        assert_eq!(split::<2>(&joined[..joined.len() - 1]), None);
    }
}
