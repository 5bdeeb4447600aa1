/**
 * Share, cite, take away: the link and the embed snippet of what is shown, the citation, the events shown as a table,
 * their sources as a bibliography, and the still picture of the phase.
 *
 * @class L.SharePanel
 * @inherits L.Control
 */
L.SharePanel = L.Control.extend({

	options: {
		position: 'topright'
	},

	/**
	 * @param data the page's data: title, version, hash, authors, snippets, phases
	 * @param acts {address: function (query object) -> address of the page at this view, known: function () -> whether the page has an address,
	 * shown: function () -> [indices of the events shown]}
	 */
	initialize: function (data, clock, texts, acts, options) {
		L.setOptions(this, options);
		this.data = data;
		this.clock = clock;
		this.texts = texts;
		this.acts = acts;
	},

	onAdd: function () {
		this._container = L.Texts.make('div.mg-share');
		this.relabel();
		this.clock.on('change select', this._refresh, this);
		L.DomEvent.disableClickPropagation(this._container).disableScrollPropagation(this._container);
		return this._container;
	},

	onRemove: function () {
		this.clock.off('change select', this._refresh, this);
	},

	/** Writes all words again, in the language that the texts now speak. */
	relabel: function () {
		var t = this.texts, make = L.Texts.make, toggle = L.bind(this.toggle, this);
		this._button = make('button.mg-button.mg-float', {type: 'button', 'aria-label': t.word('share.name'), title: t.word('share.name'), 'aria-expanded': !!this._open, on: {click: toggle}}, L.Texts.icon('share'));
		this._body = make('div.mg-share-in');
		this._panel = make('section.mg-side.mg-share-panel', {'aria-label': t.word('share.name')}, [
			make('header', {}, [make('h2', {}, t.word('share.name')), make('button.mg-button.mg-plain', {type: 'button', 'aria-label': t.word('close'), on: {click: toggle}}, L.Texts.icon('close', 16))]),
			this._body
		]);
		this._container.replaceChildren(this._button, this._panel);
		this._show(!!this._open);
	},

	toggle: function () {
		this._show(!this._open);
		(this._open ? this._panel.querySelector('button') : this._button).focus();
	},

	_show: function (open) {
		this._open = open;
		this._panel.hidden = !open;
		this._button.hidden = open;
		if (open) { this._fill(); }
	},

	/** What the panel hands out follows what is shown, unless the reader has the focus in it. */
	_refresh: function () {
		if (this._open && !this._timer) { this._timer = setTimeout(L.bind(function () { this._timer = null; if (this._open && !this._body.contains(document.activeElement)) { this._fill(); } }, this), 300); }
	},

	_fill: function () {
		var t = this.texts, make = L.Texts.make, address = this.acts.address({}), known = this.acts.known(), shown = this.acts.shown(), self = this, phase = this.clock.phase(this.clock.index),
		    save = function (word, name, type, text) { return make('button.mg-button', {type: 'button', on: {click: function () { self._save(this, name, type, text()); }}}, t.word('share.' + word)); };
		this._body.replaceChildren.apply(this._body, [
			L.SharePanel.copy(t, t.word('share.link'), address, 2), L.SharePanel.copy(t, t.word('share.embed'), this.snippet(), 6), known ? '' : make('p.mg-dim', {}, t.word('share.your_site')),
			L.SharePanel.copy(t, t.word('share.cite'), this.citation(), 4, true),
			make('h3', {}, t.count('share.take', shown.length)), make('div.mg-acts', {}, [
				save('csv', 'events.csv', 'text/csv', function () { return self.csv(shown); }), save('bibtex', 'sources.bib', 'application/x-bibtex', function () { return self.bibtex(shown); }),
				save('csl', 'sources.json', 'application/json', function () { return self.csl(shown); }),
				make('a.mg-button', {href: 'stills/' + (phase + 1) + '.' + t.language + '.svg', target: '_blank', rel: 'noopener'}, t.word('share.still'))
			])
		].filter(Boolean));
	},

	/** The snippet of a frame that shows what is shown here. */
	snippet: function () {
		var values = {src: this.acts.address({ui: 'compact', lang: this.texts.language}), title: this.texts.name(this.data.title)};
		return this.data.snippets.iframe.replace(/\{(\w+)\}/g, function (all, key) { return L.SharePanel.escape(values[key]); });
	},

	/** How the map is cited: authors, title, version, hash of the data, address; with `entry` before it how a part of it is. */
	_cited: function (entry, link) {
		var data = this.data;
		return [entry, data.authors.join(', '), this.texts.name(data.title), data.version + ' (' + data.hash + ')', link].filter(Boolean).join('. ');
	},

	citation: function () { return this._cited('', this.acts.known() ? this.acts.address({}) : ''); },

	/** How one event is cited; without a link where it has none that others can open. */
	citationOf: function (i, link) {
		return this._cited(this.texts.word('share.entry', {title: this.texts.title(i), when: this.texts.when(i)}), link);
	},

	/** The events shown as CSV (RFC 4180); no cell is taken for a formula. */
	csv: function (shown) {
		var t = this.texts, events = this.clock.events, state = this.clock.state, layers = this.data.layers, rows = shown.map(function (i) {
			var point = events.lon[i] !== null && events.precision[i] < 4;
			return [events.id[i], t.when(i), state[i] === 2 ? 'certain' : 'possible', layers[events.layer[i]].id, t.title(i), t.place(i), point ? events.lat[i] / 1e5 : '', point ? events.lon[i] / 1e5 : '',
				events.bin[i], t.text(i).textContent.trim(), t.refs(i).map(function (ref) { return L.Texts.line(t.source(ref[0])) + (ref[1] ? ' [' + ref[1] + ']' : ''); }).join('; ')];
		});
		return [['id', 'when', 'state', 'layer', 'title', 'place', 'lat', 'lon', 'district', 'text', 'sources']].concat(rows).map(function (row) {
			return row.map(function (cell) {
				var text = typeof cell === 'string' ? cell.replace(/^(?=[=+\-@\t\r])/, "'") : String(cell);
				return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
			}).join(',');
		}).join('\r\n') + '\r\n';
	},

	/** Every source of these events once, in the order of the table. */
	_sources: function (shown) {
		var t = this.texts, seen = new Set();
		shown.forEach(function (i) { t.refs(i).forEach(function (ref) { seen.add(ref[0]); }); });
		return Array.from(seen).sort(function (a, b) { return a - b; }).map(function (k) { return L.extend({key: 'source-' + (k + 1)}, t.source(k)); });
	},

	/** Their sources for BibTeX. What kind of work a source is, is not known so finely: all are `misc`. */
	bibtex: function (shown) {
		var safe = function (text) { return text.replace(/[\\{}]/g, '').replace(/[&%$#_]/g, '\\$&'); };
		return this._sources(shown).map(function (source) {
			var fields = {author: source.author.split(';').map(function (name) { return name.trim() && '{' + safe(name.trim()) + '}'; }).filter(Boolean).join(' and '), title: '{' + safe(source.title) + '}',
			    howpublished: safe(source.publisher), year: safe(source.year), url: source.url.replace(/[\\{}]/g, encodeURIComponent)};
			return '@misc{' + source.key + ',\n' + Object.keys(fields).filter(function (key) { return fields[key]; }).map(function (key) { return '  ' + key + ' = {' + fields[key] + '},\n'; }).join('') + '}\n';
		}).join('\n');
	},

	/** Their sources as CSL-JSON, https://docs.citationstyles.org. */
	csl: function (shown) {
		return JSON.stringify(this._sources(shown).map(function (source) {
			var item = {id: source.key, type: 'document', title: source.title}, year = /^\d{4}$/.exec(source.year);
			if (source.author) { item.author = source.author.split(';').map(function (name) { return {literal: name.trim()}; }); }
			if (source.publisher) { item.publisher = source.publisher; }
			if (source.year) { item.issued = year ? {'date-parts': [[+source.year]]} : {literal: source.year}; }
			if (source.url) { item.URL = source.url; }
			return item;
		}), null, 1) + '\n';
	},

	/** Saves a text as a file; a sandboxed frame may not, and shows it to be copied instead. */
	_save: function (button, name, type, text) {
		var link, old = this._body.querySelector('.mg-taken');
		if (old) { old.remove(); }
		if (window.self !== window.top && self.origin === 'null') {
			link = L.SharePanel.copy(this.texts, name, text, 6);
			link.classList.add('mg-taken');
			button.parentNode.after(link);
			return;
		}
		link = L.Texts.make('a', {href: URL.createObjectURL(new Blob([text], {type: type + ';charset=utf-8'})), download: name});
		link.click();
		setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
	}
});

/** A text to be copied: a field that cannot be changed, and a button; where the clipboard is closed the text is selected. */
L.SharePanel.copy = function (texts, name, text, rows, prose) {
	var make = L.Texts.make, field = make('textarea', {readonly: '', rows: rows, 'aria-label': name, spellcheck: 'false', on: {focus: function () { this.select(); }}}), button;
	field.value = text;
	button = make('button.mg-button', {type: 'button', on: {click: function () {
		var done = function () { button.firstChild.textContent = texts.word('copied'); }, other = function () {
			field.select();
			if (document.execCommand('copy')) { done(); }
		};
		if (navigator.clipboard) { navigator.clipboard.writeText(field.value).then(done, other); } else { other(); }
	}}}, make('span', {role: 'status'}, texts.word('copy')));
	return make('div.mg-copy' + (prose ? '.mg-prose' : ''), {}, [make('h3', {}, name), button, field]);
};

/** Text as it stands in an attribute of HTML. */
L.SharePanel.escape = function (text) {
	return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
};

/** @factory L.sharePanel(data, clock, texts, acts, options) */
L.sharePanel = function (data, clock, texts, acts, options) {
	return new L.SharePanel(data, clock, texts, acts, options);
};
