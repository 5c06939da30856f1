-- What an entity is in public catalogues: the addresses of its entries in Wikidata and GeoNames, each catalogue's in
-- one form. Of the entities in force no two have the same; one that was merged away keeps what it had.
CREATE TABLE same_as (
    entity  INTEGER NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
    address TEXT    NOT NULL CHECK (address GLOB 'https://www.wikidata.org/wiki/Q[1-9]*'
                                    OR address GLOB 'https://www.geonames.org/[1-9]*'),
    PRIMARY KEY (entity, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX same_as_by_address ON same_as (address);
