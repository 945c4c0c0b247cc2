//! The portal in the browser.
//!
//! - [`app`], [`routes`]: what is provided to everything, and which address is which page.
//! - [`platform`], [`net`]: the browser and the network, each the only room that touches it.
//! - [`ui`]: parts without feature words.
//! - [`words`]: every sentence a client reads, in each language.

#![allow(missing_docs, reason = "props of components are fields of generated types, named for what they are")]

pub mod routes;
pub mod words;

pub mod platform;
pub mod ui;
