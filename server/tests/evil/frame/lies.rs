//! What the server says instead of the truth.

use shared::ids::ObjectId;
use shared::journal::wire::{Entry, News};

use super::journal::STREAMS;
use super::scene::content_of;
use crate::harness::client::Twist;

/// Changes every statement of every stream that is shown; proofs stay, and so does what they cover.
pub fn each_entry(mut lie: impl FnMut(&mut Entry) + 'static) -> Twist {
    Box::new(move |path, _, answer| {
        let news = serde_json::from_slice::<News>(&answer);
        let (STREAMS, Ok(mut news)) = (path, news) else { return answer };
        news.entries.iter_mut().for_each(&mut lie);
        serde_json::to_vec(&news).unwrap()
    })
}

/// Shows these chunks as an object's. They are as many bytes as the object has.
pub fn content(object: ObjectId, bytes: Vec<u8>) -> Twist {
    let wanted = content_of(object);
    Box::new(move |path, _, answer| if path == wanted { bytes.clone() } else { answer })
}

/// One lie after the other.
pub fn both(mut first: Twist, mut second: Twist) -> Twist {
    Box::new(move |path, question, answer| {
        let answer = first(path, question, answer);
        second(path, question, answer)
    })
}

/// Adds fields to every answer that has any.
pub fn more_fields(fields: &'static [(&'static str, u32)]) -> Twist {
    Box::new(move |_, _, answer| {
        let Ok(mut said) = serde_json::from_slice::<serde_json::Value>(&answer) else {
            return answer;
        };
        if let Some(object) = said.as_object_mut().filter(|object| !object.is_empty()) {
            for (name, value) in fields {
                object.insert((*name).into(), (*value).into());
            }
        }
        serde_json::to_vec(&said).unwrap()
    })
}
