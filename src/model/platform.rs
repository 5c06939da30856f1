//! Where people are known by an account.

super::vocabulary! {
    /// Where an identity is at home.
    pub enum Platform {
        /// Discord; the account is a user's snowflake.
        Discord = "discord",
        /// Matrix; the account is a whole user id, `@name:server`.
        Matrix = "matrix",
        /// The terminal of the machine that the database is on.
        Terminal = "terminal",
        /// The project itself, for what a release carries.
        Project = "project",
    }
}

impl Platform {
    /// Its name as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discord => "Discord",
            Self::Matrix => "Matrix",
            Self::Terminal => "the terminal",
            Self::Project => "the project",
        }
    }
}
