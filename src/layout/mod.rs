//! An answer laid out, once for every front end.

mod marks;
mod one_line;

pub use marks::Marks;
pub use one_line::one_line;
