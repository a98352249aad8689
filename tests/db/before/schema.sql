CREATE TABLE person (
	id INTEGER NOT NULL,
	network VARCHAR(64) NOT NULL,
	nick TEXT NOT NULL,
	account TEXT,
	CONSTRAINT pk_person PRIMARY KEY (id)
);
CREATE TABLE hearing (
	network VARCHAR(64) NOT NULL,
	channel VARCHAR(255) NOT NULL,
	until DATETIME NOT NULL,
	CONSTRAINT pk_hearing PRIMARY KEY (network, channel)
);
CREATE TABLE word (
	id INTEGER NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_word PRIMARY KEY (id),
	CONSTRAINT uq_word_text UNIQUE (text)
);
CREATE TABLE turn (
	owner VARCHAR(64) NOT NULL,
	CONSTRAINT pk_turn PRIMARY KEY (owner)
);
CREATE TABLE identity (
	network VARCHAR(64) NOT NULL,
	"key" VARCHAR(700) NOT NULL,
	person INTEGER NOT NULL,
	CONSTRAINT pk_identity PRIMARY KEY (network, "key"),
	CONSTRAINT fk_identity_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE TABLE line (
	id INTEGER NOT NULL,
	network VARCHAR(64) NOT NULL,
	msgid VARCHAR(255),
	channel VARCHAR(255),
	person INTEGER NOT NULL,
	nick TEXT NOT NULL,
	user TEXT NOT NULL,
	host TEXT NOT NULL,
	account TEXT,
	said_at DATETIME NOT NULL,
	heard_at DATETIME NOT NULL,
	family VARCHAR(16) NOT NULL,
	text TEXT NOT NULL,
	body TEXT NOT NULL,
	fate VARCHAR(16) NOT NULL,
	CONSTRAINT pk_line PRIMARY KEY (id),
	CONSTRAINT uq_line_network_msgid UNIQUE (network, msgid),
	CONSTRAINT fk_line_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_line_network_channel_heard_at ON line (network, channel, heard_at);
CREATE INDEX ix_line_person_channel_id ON line (person, channel, id);
CREATE TABLE incident (
	number INTEGER NOT NULL,
	network VARCHAR(64) NOT NULL,
	channel VARCHAR(255) NOT NULL,
	channel_name TEXT NOT NULL,
	opener INTEGER,
	line INTEGER,
	title TEXT,
	state VARCHAR(16) NOT NULL,
	status VARCHAR(16) NOT NULL,
	document_status VARCHAR(16) NOT NULL,
	severity INTEGER,
	private BOOLEAN NOT NULL,
	drill BOOLEAN NOT NULL,
	retrospective BOOLEAN NOT NULL,
	opened_at DATETIME NOT NULL,
	closed_at DATETIME,
	start DATETIME,
	"end" DATETIME,
	questionnaire VARCHAR(64),
	entries INTEGER NOT NULL,
	"indexed" INTEGER DEFAULT -1 NOT NULL,
	CONSTRAINT pk_incident PRIMARY KEY (number),
	CONSTRAINT fk_incident_opener FOREIGN KEY(opener) REFERENCES person (id),
	CONSTRAINT fk_incident_line FOREIGN KEY(line) REFERENCES line (id)
);
CREATE INDEX ix_incident_line ON incident (line);
CREATE INDEX ix_incident_network_channel_state ON incident (network, channel, state);
CREATE INDEX ix_incident_behind ON incident (number) WHERE entries > indexed;
CREATE INDEX ix_incident_private ON incident (network, channel) WHERE private IS 1;
CREATE TABLE channel (
	network VARCHAR(64) NOT NULL,
	channel VARCHAR(255) NOT NULL,
	incident INTEGER NOT NULL,
	CONSTRAINT pk_channel PRIMARY KEY (network, channel),
	CONSTRAINT fk_channel_incident FOREIGN KEY(incident) REFERENCES incident (number)
);
CREATE TABLE entry (
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	version INTEGER NOT NULL,
	person INTEGER,
	nick TEXT NOT NULL,
	account TEXT,
	recorded_at DATETIME NOT NULL,
	CONSTRAINT pk_entry PRIMARY KEY (incident, number),
	CONSTRAINT fk_entry_incident FOREIGN KEY(incident) REFERENCES incident (number),
	CONSTRAINT fk_entry_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_entry_incident_person_number ON entry (incident, person, number);
CREATE TABLE field (
	incident INTEGER NOT NULL,
	name VARCHAR(32) NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_field PRIMARY KEY (incident, name),
	CONSTRAINT fk_field_incident FOREIGN KEY(incident) REFERENCES incident (number)
);
CREATE TABLE item (
	incident INTEGER NOT NULL,
	section VARCHAR(16) NOT NULL,
	number INTEGER NOT NULL,
	parent INTEGER,
	text TEXT NOT NULL,
	url TEXT,
	task VARCHAR(16),
	task_title TEXT,
	task_status TEXT,
	owner TEXT,
	done BOOLEAN NOT NULL,
	dropped BOOLEAN NOT NULL,
	CONSTRAINT pk_item PRIMARY KEY (incident, section, number),
	CONSTRAINT fk_item_incident FOREIGN KEY(incident) REFERENCES incident (number)
);
CREATE TABLE responder (
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	added INTEGER,
	person INTEGER,
	name TEXT NOT NULL,
	nick TEXT,
	account TEXT,
	focus TEXT,
	joined_at DATETIME,
	left_at DATETIME,
	granted BOOLEAN NOT NULL,
	removed BOOLEAN NOT NULL,
	CONSTRAINT pk_responder PRIMARY KEY (incident, number),
	CONSTRAINT fk_responder_incident FOREIGN KEY(incident) REFERENCES incident (number),
	CONSTRAINT fk_responder_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE TABLE coordinator (
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	person INTEGER,
	name TEXT NOT NULL,
	since DATETIME,
	until DATETIME,
	CONSTRAINT pk_coordinator PRIMARY KEY (incident, number),
	CONSTRAINT fk_coordinator_incident FOREIGN KEY(incident) REFERENCES incident (number),
	CONSTRAINT fk_coordinator_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE TABLE answer (
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	answer VARCHAR(8),
	notes TEXT NOT NULL,
	suggested VARCHAR(8),
	evidence TEXT,
	CONSTRAINT pk_answer PRIMARY KEY (incident, number),
	CONSTRAINT fk_answer_incident FOREIGN KEY(incident) REFERENCES incident (number)
);
CREATE TABLE dialogue (
	person INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	question INTEGER NOT NULL,
	CONSTRAINT pk_dialogue PRIMARY KEY (person),
	CONSTRAINT fk_dialogue_person FOREIGN KEY(person) REFERENCES person (id),
	CONSTRAINT fk_dialogue_incident FOREIGN KEY(incident) REFERENCES incident (number)
);
CREATE TABLE gap (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	begins DATETIME NOT NULL,
	ends DATETIME,
	CONSTRAINT pk_gap PRIMARY KEY (id),
	CONSTRAINT fk_gap_incident FOREIGN KEY(incident) REFERENCES incident (number)
);
CREATE TABLE change (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	line INTEGER,
	person INTEGER,
	made_at DATETIME NOT NULL,
	subject VARCHAR(32) NOT NULL,
	"key" TEXT NOT NULL,
	old TEXT,
	new TEXT,
	undone BOOLEAN NOT NULL,
	CONSTRAINT pk_change PRIMARY KEY (id),
	CONSTRAINT fk_change_incident FOREIGN KEY(incident) REFERENCES incident (number),
	CONSTRAINT fk_change_line FOREIGN KEY(line) REFERENCES line (id),
	CONSTRAINT fk_change_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_change_incident_person_line ON change (incident, person, line);
CREATE INDEX ix_change_line ON change (line);
CREATE TABLE outbox (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	subject INTEGER NOT NULL,
	state VARCHAR(16) NOT NULL,
	marker VARCHAR(40) NOT NULL,
	person INTEGER,
	"to" TEXT,
	text TEXT NOT NULL,
	created_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	sent_at DATETIME,
	attempts INTEGER NOT NULL,
	reason TEXT,
	told BOOLEAN NOT NULL,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT fk_outbox_incident FOREIGN KEY(incident) REFERENCES incident (number),
	CONSTRAINT fk_outbox_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_outbox_state_due_at ON outbox (state, due_at);
CREATE INDEX ix_outbox_incident_kind ON outbox (incident, kind);
CREATE TABLE occurrence (
	word INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	CONSTRAINT pk_occurrence PRIMARY KEY (word, incident),
	CONSTRAINT fk_occurrence_word FOREIGN KEY(word) REFERENCES word (id),
	CONSTRAINT fk_occurrence_incident FOREIGN KEY(incident) REFERENCES incident (number)
)
 WITHOUT ROWID;
CREATE INDEX ix_occurrence_incident ON occurrence (incident);
CREATE TABLE entry_version (
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	version INTEGER NOT NULL,
	line INTEGER,
	person INTEGER,
	nick TEXT NOT NULL,
	made_at DATETIME NOT NULL,
	at DATETIME,
	until DATETIME,
	precision VARCHAR(8) NOT NULL,
	approximate BOOLEAN NOT NULL,
	text TEXT NOT NULL,
	speaker TEXT,
	kind VARCHAR(16) NOT NULL,
	marker_kind VARCHAR(8),
	marker_phrase TEXT,
	marker_scope TEXT,
	struck TEXT,
	redacted TEXT,
	undone BOOLEAN NOT NULL,
	CONSTRAINT pk_entry_version PRIMARY KEY (incident, number, version),
	CONSTRAINT fk_entry_version_incident_number FOREIGN KEY(incident, number) REFERENCES entry (incident, number),
	CONSTRAINT fk_entry_version_line FOREIGN KEY(line) REFERENCES line (id),
	CONSTRAINT fk_entry_version_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_entry_version_incident_person_line ON entry_version (incident, person, line);
CREATE INDEX ix_entry_version_line ON entry_version (line);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
