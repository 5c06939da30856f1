//! Roles: what a person may do with the records.

super::vocabulary! {
    /// What a person may do with the records; each role may do what those before it may.
    pub enum Role {
        /// May ask. Everyone may.
        Reader = "reader",
        /// May propose changes.
        Contributor = "contributor",
        /// May decide on what others proposed.
        Reviewer = "reviewer",
        /// May give roles, import and change settings.
        Admin = "admin",
    }
}
