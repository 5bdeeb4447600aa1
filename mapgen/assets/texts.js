/**
 * The texts of the page: the words of the interface, and those of events.
 *
 * @class L.Texts
 */
L.Texts = L.Class.extend({

	/**
	 * @param data the page's data: languages, words, events, districts, title
	 * @param open function (): the texts of events, asked for when the first one is needed
	 */
	initialize: function (data, open, language) {
		this.data = data;
		this.open = open;
		this.language = language;
	},

	/** The texts of events as columns in the order of the events. */
	store: function () {
		if (!this._store) { this._store = this.open(); }
		return this._store;
	},

	/** A word of the interface with its `{names}` filled in; a path such as `modes.window` goes into a group. */
	word: function (path, values) {
		var found = path.split('.').reduce(function (at, key) { return at && Object.hasOwn(at, key) ? at[key] : undefined; },
			this.data.words[this.language]);
		if (typeof found !== 'string') { throw new Error('no word ' + path); }
		return values ? found.replace(/\{(\w+)\}/g, function (all, key) { return key in values ? values[key] : all; }) : found;
	},

	/** A word of the interface for a number, in the form that the language wants for it. */
	count: function (path, n) {
		if (!this._plural || this._pluralOf !== this.language) {
			this._plural = new Intl.PluralRules(this.language);
			this._pluralOf = this.language;
		}
		return this.word(path + '.' + (this._plural.select(n) === 'one' ? 'one' : 'other'), {n: this.number(n)});
	},

	/** A number as the language writes it; with the no-break space of the texts, which is not a narrow one. */
	number: function (n, options) {
		return new Intl.NumberFormat(this.language, options).format(n).replace(/\u202f/g, '\u00a0');
	},

	/** A text with a capital at its head. */
	cap: function (text) { return text.charAt(0).toUpperCase() + text.slice(1); },

	/** A number as an ordinal: 1st, 2nd, 11th, 21st; 1er, 2e. */
	ordinal: function (number) {
		var endings = this.data.words[this.language].ordinals, last = number % 100 > 10 && number % 100 < 14 ? number % 100 : number % 10;
		return number + (endings['only_' + number] || endings[last] || endings.other);
	},

	/** Texts in a row, without the empty ones. */
	join: function (texts) { return texts.filter(Boolean).join(this.word('comma')); },

	/** The name of a thing that carries its name in each language. */
	name: function (names) {
		return names[this.language] || names[this.data.languages[0]] || '';
	},

	/** What is said of a step: date, hours, day of those counted, other calendar, short name, date as it is typed. */
	step: function (index) {
		var steps = this.data.steps, words = steps.words[this.language], day = (steps.day || [])[index];
		return {
			date: words.date[index], brief: words.brief[index] || words.date[index], hours: words.hours[index],
			day: day ? this.word('day_of', {day: day, days: steps.days}) : '', calendar: (steps.calendar || [])[index] || '',
			short: words.short[index] || words.date[index], typed: words.typed[index]
		};
	},

	/** The day that a reader typed, as `YYYY-MM-DD`: so written, or day, month and year in words or numbers; else empty. */
	readDate: function (text) {
		var months = this.data.months[this.language].map(L.Texts.fold), m = /^(\d{4})-(\d{1,2})-(\d{1,2})(T\d\d:\d\d)?$/.exec(text),
		    two = function (n) { return ('0' + n).slice(-2); };
		if (m) { return m[1] + '-' + two(m[2]) + '-' + two(m[3]) + (m[4] || ''); }
		m = /^(\d{1,2})[^\d\s./-]{0,3}[ ./-]+([^\d\s.]+|\d{1,2})\.?[ ./-]*(\d{4})?$/.exec(L.Texts.fold(text));
		if (!m) { return ''; }
		var k = /\d/.test(m[2]) ? +m[2] - 1 : months.findIndex(function (name) { return name.indexOf(m[2]) === 0; });
		return k < 0 ? '' : (m[3] || this.data.openAt.slice(0, 4)) + '-' + two(k + 1) + '-' + two(m[1]);
	},

	/** A date of the subject, as it may be typed. */
	example: function (clock) {
		var index = clock.indexOf(this.data.openAt);
		return {iso: clock.steps.at[index].slice(0, 10), words: this.step(index).typed};
	},

	title: function (i) { return this._own('title', i).text; },

	/** The language of event i's title where it is not the one shown, else null. */
	foreign: function (i) {
		var found = this._own('title', i);
		return found.lang === this.language ? null : found.lang;
	},

	when: function (i) { return this._own('when', i).text; },

	/** The hour or part of day of event i, empty when not known. */
	hour: function (i) { return this.store().hour[this.language][i]; },

	disputed: function (i) { return this.store().disputed.indexOf(i) >= 0; },

	/** The name of the place of event i at the time. */
	place: function (i) {
		var k = this.data.events.place[i];
		return k < 0 ? '' : this.store().places[k][0];
	},

	/** The place of event i in words: name of the time, of today, district, how well it is known. */
	where: function (i) {
		var events = this.data.events, k = events.place[i], place, text, area, sure;
		if (k < 0) { return this.word('no_place'); }
		place = this.store().places[k];
		text = place[1] ? this.word('today', {then: place[0], today: place[1]}) : place[0];
		area = this.district(events.bin[i]) || place[2];
		sure = this.word('precision.' + L.Texts.PRECISIONS[events.precision[i]], {radius: events.radius[i]});
		return this.word('aside', {a: this.join([text, area]), b: this.join([sure, place[3] === 'certain' ? '' : this.word('certainty.' + place[3])])});
	},

	/** A district and the ones above it in words; empty for what is none. */
	district: function (id) {
		var d = this.data.districts, at = d.id.indexOf(id), out = [], level;
		for (; at >= 0; at = d.parent[at]) {
			level = d.levels[d.level[at]];
			level = level.name[this.language] || level.id;
			out.push(d.number[at] !== null && d.parent[at] < 0 ? this.word('district_number', {number: this.ordinal(d.number[at]), level: level}) :
				this.word('district_name', {name: d.name[at], level: level}));
		}
		return this.join(out);
	},

	/** The name of the k-th tag; empty for one that readers are not offered. */
	tag: function (k) {
		var names = this.data.tagNames[this.data.events.tags[k]];
		return names ? this.name(names) : '';
	},

	/** The names of those who took part in event i. */
	actors: function (i) {
		var at = this.data.languages.indexOf(this.language), people = this.store().people;
		return this.data.events.actors[i].map(function (k) { return people[k][at]; });
	},

	/** The text of event i as an element; the build has made it clean of all but its marks. */
	text: function (i) {
		var found = this._own('text', i), el = L.Texts.make('div.mg-text', {lang: found.lang === this.language ? null : found.lang});
		el.append.apply(el, L.Texts.nodes(found.text));
		return el;
	},

	/** A stop of the tour: {title, text as an element, lang where it is not the one shown}. */
	stop: function (k) {
		var tour = this.store().tour, first = this.data.languages[0], lang = tour.title[this.language][k] === null ? first : this.language,
		    el = L.Texts.make('div.mg-text', {lang: lang === this.language ? null : lang});
		el.append.apply(el, L.Texts.nodes(tour.text[lang][k] || tour.text[first][k]));
		return {title: tour.title[lang][k], text: el, lang: lang === this.language ? null : lang};
	},

	/** What accounts differ on in event i: [{about, rows: [{value, note, refs}]}], value and note as {text, lang}. */
	accounts: function (i) {
		var self = this, at = this.data.languages.indexOf(this.language), one = function (texts) {
			return !texts ? null : texts[at] === null ? {text: texts[0], lang: self.data.languages[0]} : {text: texts[at], lang: self.language};
		}, known = this.data.words[this.language].about;
		return (this.store().claims[i] || []).map(function (group) {
			return {about: Object.hasOwn(known, group[0]) ? known[group[0]] : group[0], rows: group[1].map(function (row) {
				return {value: one(row[0]), note: one(row[1]), refs: row[2]};
			})};
		});
	},

	/** The references of event i: [place of the source, locator or null]. */
	refs: function (i) { return this.store().refs[i]; },

	/** A source by its place: {author, title, publisher, year, url}. */
	source: function (k) { return L.Texts.source(this.store().sources[k]); },

	/** The sources of the base map and the districts. */
	ground: function () { return this.store().ground.map(L.Texts.source); },

	/** The source that an anchor of the chronology stands for, `s-ID` or `b-ID`, in one line; empty for none. */
	cited: function (anchor) {
		var store = this.store(), at = store.anchors[anchor];
		return at ? L.Texts.line(L.Texts.source((at[0] ? store.ground : store.sources)[at[1]])) : '';
	},

	/** What a search looks through in event i: titles, texts, places, people and sources in all languages, folded. */
	haystack: function (i) {
		if (!this._haystacks) { this._haystacks = []; }
		if (!this._haystacks[i]) { this._haystacks[i] = L.Texts.fold(this.strings(i).join('\n')); }
		return this._haystacks[i];
	},

	/** What a search looks through in event i. */
	strings: function (i) {
		var events = this.data.events, store = this.store(), out = [];
		this.data.languages.forEach(function (code) {
			out.push(store.title[code][i] || '', L.Texts.plain(store.text[code][i] || ''));
		});
		[events.place[i]].concat((events.also || {})[i] || []).forEach(function (k) {
			if (k >= 0) { out.push(store.places[k][0], store.places[k][1]); }
		});
		events.actors[i].forEach(function (k) { out = out.concat(store.people[k]); });
		store.refs[i].forEach(function (ref) { out.push(store.sources[ref[0]][0], store.sources[ref[0]][1]); });
		return out;
	},

	/** A text of event i in the language shown, else in the first one. */
	_own: function (column, i) {
		var columns = this.store()[column], text = columns[this.language][i], first = this.data.languages[0];
		return text === null ? {text: columns[first][i], lang: first} : {text: text, lang: this.language};
	}
});

// The words of `mapgen.rows.PRECISIONS`, in their order.
L.Texts.PRECISIONS = ['building', 'street', 'quarter', 'district', 'city', 'region'];

/** A row of sources by its names. */
L.Texts.source = function (row) {
	return {author: row[0], title: row[1], publisher: row[2], year: row[3], url: row[4]};
};

/** A source in one line. */
L.Texts.line = function (source) {
	return [source.author, source.title, source.publisher, source.year].filter(Boolean).join(', ');
};

/** A source in a word or two: its first author, else its title, and its year unless that stands there already. */
L.Texts.brief = function (source) {
	var name = source.author.split(';')[0].split(',')[0].trim() || source.title;
	return source.year && !new RegExp('\\b' + source.year.replace(/\W/g, '\\$&') + '$').test(name) ? name + ' ' + source.year : name;
};

/** The nodes of a text with marks. It is read in a document of its own, which runs and loads nothing. */
L.Texts.nodes = function (html) {
	return Array.from(new DOMParser().parseFromString(html, 'text/html').body.childNodes);
};

/** A text without its marks, as a search sees it. */
L.Texts.plain = function (html) {
	var bare = /^<p>([^<&]*)<\/p>$/.exec(html);
	return bare ? bare[1] : L.Texts.nodes(html).map(function (node) { return node.textContent; }).join('\n').replace(/\s+/g, ' ').trim();
};

/** Text as a search sees it: lower case, without accents, straight apostrophes. */
L.Texts.fold = function (text) {
	return text.toLowerCase().replace(/’/g, "'").normalize('NFD').replace(/[\u0300-\u036f]/g, '');
};

/**
 * Makes an element: `tag.class`, attributes, children (texts, elements or nothing).
 * Texts become text nodes: no string of the data is ever read as HTML.
 */
L.Texts.make = function (tag, attributes, children) {
	var parts = tag.split('.'), el = document.createElement(parts[0]);
	if (parts.length > 1) { el.className = parts.slice(1).join(' '); }
	Object.keys(attributes || {}).forEach(function (key) {
		if (key === 'on') { Object.keys(attributes.on).forEach(function (type) { el.addEventListener(type, attributes.on[type]); }); }
		else if (attributes[key] !== null && attributes[key] !== undefined) { el.setAttribute(key, attributes[key]); }
	});
	[].concat(children === undefined ? [] : children).forEach(function (child) {
		if (child !== null && child !== '') { el.append(child); }
	});
	return el;
};

/** An icon of the interface: strokes on a grid of 24. */
L.Texts.icon = function (name, size) {
	var svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), path = document.createElementNS(svg.namespaceURI, 'path'),
	    solid = name === 'play' || name === 'pause';
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('width', size || 18);
	svg.setAttribute('height', size || 18);
	svg.setAttribute('aria-hidden', 'true');
	path.setAttribute('d', L.Texts.ICONS[name]);
	path.setAttribute('fill', solid ? 'currentColor' : 'none');
	path.setAttribute('stroke', solid ? 'none' : 'currentColor');
	path.setAttribute('stroke-width', 2);
	path.setAttribute('stroke-linecap', 'round');
	path.setAttribute('stroke-linejoin', 'round');
	svg.append(path);
	return svg;
};

L.Texts.ICONS = {
	previous: 'M15 5l-7 7 7 7', next: 'M9 5l7 7-7 7', first: 'M18 5l-7 7 7 7M7 5v14', last: 'M6 5l7 7-7 7M17 5v14',
	play: 'M7 4l13 8-13 8z', pause: 'M6 4h4.500v16H6zM13.500 4H18v16h-4.500z', layers: 'M12 3l9 5-9 5-9-5zM3 12.500l9 5 9-5M3 17l9 5 9-5',
	close: 'M5 5l14 14M19 5L5 19', plus: 'M12 5v14M5 12h14', minus: 'M5 12h14', out: 'M14 4h6v6M20 4L11 13M18 14v6H4V6h6',
	search: 'M10.500 4a6.500 6.500 0 1 0 .01 0M15.500 15.500L20 20', flag: 'M6 21V4h12l-3 4.500L18 13H6', share: 'M12 15V3M8 7l4-4 4 4M6 11H4v10h16V11h-2',
	north: 'M12 3l6 17-6-4-6 4z',
	link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1'
};

L.texts = function (data, open, language) {
	return new L.Texts(data, open, language);
};
