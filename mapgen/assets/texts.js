/**
 * The texts of the page: the words of the interface, and those of events, read from the chronology in the document.
 *
 * @class L.Texts
 */
L.Texts = L.Class.extend({

	/**
	 * @param data the page's data: languages, words, events, districts, title
	 * @param open function (): the document that holds the chronology, the page's own or one that is shown nowhere
	 */
	initialize: function (data, open, language) {
		this.data = data;
		this.open = open;
		this.language = language;
	},

	/** The document that holds the chronology, opened when the first text is asked for. */
	store: function () {
		if (!this._store) { this._store = this.open(); }
		return this._store;
	},

	/** An element of the chronology by its id. */
	find: function (id) {
		return this.store().getElementById(id);
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
		return this.word(path + '.' + (this._plural.select(n) === 'one' ? 'one' : 'other'), {n: n});
	},

	/** A number as an ordinal: 1st, 2nd, 11th, 21st; 1er, 2e. */
	ordinal: function (number) {
		var endings = this.data.words[this.language].ordinals, last = number % 100 > 10 && number % 100 < 14 ? number % 100 : number % 10;
		return number + (number === 1 ? endings[1] : (Object.hasOwn(endings, last) && last > 1 || this.language === 'en') && endings[last] || endings.other);
	},

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
		m = /^(\d{1,2})(?:er|st|nd|rd|th)?[ ./-]+([^\d\s.]+|\d{1,2})\.?[ ./-]*(\d{4})?$/.exec(L.Texts.fold(text));
		if (!m) { return ''; }
		var k = /\d/.test(m[2]) ? +m[2] - 1 : months.findIndex(function (name) { return name.indexOf(m[2]) === 0; });
		return k < 0 ? '' : (m[3] || this.data.openAt.slice(0, 4)) + '-' + two(k + 1) + '-' + two(m[1]);
	},

	/** The article of event i in the chronology. */
	article: function (i) {
		return this.find('event-' + this.data.events.id[i]);
	},

	/** The part of event i's article in the language shown. */
	part: function (i) {
		return L.Texts.child(this.article(i), this.language);
	},

	title: function (i) { return this.part(i).querySelector('h3').textContent; },

	when: function (i) { return this.part(i).querySelector('.w').textContent; },

	/** The hour or part of day of event i, empty when not known. */
	hour: function (i) { return this.part(i).dataset.hour || ''; },

	disputed: function (i) { return 'disputed' in this.part(i).dataset; },

	/** The name of the place of event i at the time. */
	place: function (i) {
		var k = this.data.events.place[i];
		return k < 0 ? '' : this.find('place-' + this.data.events.places[k]).querySelector('b').textContent;
	},

	/** What a search looks through in event i: titles, texts, places, people and sources in all languages, folded. */
	haystack: function (i) {
		if (!this._haystacks) { this._haystacks = []; }
		if (!this._haystacks[i]) { this._haystacks[i] = L.Texts.fold(this._strings(i).join('\n')); }
		return this._haystacks[i];
	},

	_strings: function (i) {
		var events = this.data.events, article = this.article(i), out = [], self = this, text = function (el) { return el.textContent.trim(); };
		Array.prototype.forEach.call(article.querySelectorAll('h3, .t'), function (el) { out.push(text(el).replace(/\s+/g, ' ')); });
		[events.place[i]].concat((events.also || {})[i] || []).forEach(function (k) {
			if (k >= 0) { out.push(Array.prototype.map.call(self.find('place-' + events.places[k]).children, text).join('\n')); }
		});
		events.actors[i].forEach(function (k) {
			var names = self.find('person-' + events.people[k]).querySelectorAll('b');
			out = out.concat(Array.prototype.map.call(names, text));
		});
		Array.prototype.forEach.call(article.querySelectorAll('.s a'), function (a) {
			var source = self.find(a.getAttribute('href').slice(1));
			out = out.concat(Array.prototype.map.call(source.querySelectorAll('span, cite'), text));
		});
		return out;
	}
});

/** Text as a search sees it: lower case, without accents, straight apostrophes. */
L.Texts.fold = function (text) {
	return text.toLowerCase().replace(/’/g, "'").normalize('NFD').replace(/[\u0300-\u036f]/g, '');
};

/** The child of an element in one language. */
L.Texts.child = function (element, language) {
	return Array.prototype.find.call(element.children, function (el) { return el.lang === language; });
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
	north: 'M12 3l6 17-6-4-6 4z',
	link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1'
};

L.texts = function (data, open, language) {
	return new L.Texts(data, open, language);
};
