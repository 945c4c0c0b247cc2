//! The forms that come with the portal. A firm starts from one, changes what it likes and
//! publishes its own; nothing here is privileged.
//!
//! They ask in the order in which a careful lawyer may listen: first the names, so that a conflict
//! of interest is found before the story is heard; then how to reach the person without doing
//! harm; then what cannot wait; and only then what happened.

use super::form::FormV1;
use super::value::Text;

mod build;
// Tables of words in two languages: a question a paragraph reads better than rustfmt's columns.
#[rustfmt::skip]
mod common;
#[rustfmt::skip]
mod family;
#[rustfmt::skip]
mod injury;

/// A form to start from.
pub struct Template {
    /// Stable name: `family`, `injury`.
    pub key: &'static str,
    /// What it is called.
    pub name: Text,
    /// Whom it is for.
    pub description: Text,
    /// Makes the form, with a fresh salt.
    pub build: fn() -> FormV1,
}

/// All templates.
#[must_use]
pub fn all() -> alloc::vec::Vec<Template> {
    alloc::vec![
        Template {
            key: "family",
            name: Text::new("Family law intake", "Admisión: derecho de familia"),
            description: Text::new(
                "Separation, divorce, children, support and protection. Safe-contact questions come first.",
                "Separación, divorcio, hijos, pensiones y protección. Primero se pregunta cómo contactar sin riesgo.",
            ),
            build: family::build,
        },
        Template {
            key: "injury",
            name: Text::new("Personal injury intake", "Admisión: lesiones personales"),
            description: Text::new(
                "Road, workplace, fall, animal, medical and product injuries, with insurers and treatment.",
                "Lesiones por tráfico, trabajo, caídas, animales, atención médica y productos, con seguros y tratamiento.",
            ),
            build: injury::build,
        },
    ]
}
