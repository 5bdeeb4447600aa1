/**
 * What the districts can be coloured by: the events shown, and the figures of the tables. Tells for each measure which
 * colour a district has, what the classes mean and what a figure reads like.
 *
 * A measure is named as in the address: `events`, `ID/WHEN`, or `ID/WHEN..WHEN` for a change.
 *
 * @class L.Measures
 */
L.Measures = L.Class.extend({

	options: {
		// Tokens of the theme for classes of a count, from little to much.
		shades: ['class1', 'class2', 'class3', 'class4', 'class5'],
		// The same for a change: large loss, loss, level, gain, large gain.
		changes: ['loss2', 'loss1', 'level', 'gain1', 'gain2']
	},

	/**
	 * @param data the page's data: measures, districts
	 * @param clock the clock, whose states are counted
	 */
	initialize: function (data, clock, texts, options) {
		L.setOptions(this, options);
		this.data = data;
		this.clock = clock;
		this.texts = texts;
		this.known = new Map();
		this._at = new Map(data.districts.id.map(function (id, i) { return [id, i]; }));
		this._add('events', {id: 'events', level: 0});
		data.measures.forEach(this._measure, this);
		clock.on('change', function () { this._counts = null; }, this).on('filter', function () { this._eventLimits = null; }, this);
	},

	/** Every measure, grouped as a menu shows it: [{name, keys}]. */
	menu: function () {
		var groups = new Map(), t = this.texts;
		this.known.forEach(function (m, key) {
			var name = m.measure ? t.name(m.measure.name) : '';
			if (!groups.has(name)) { groups.set(name, []); }
			groups.get(name).push(key);
		});
		return Array.from(groups, function (group) { return {name: group[0], keys: group[1]}; });
	},

	/** The name of a measure with its date, or the date alone as in a menu that is grouped by name. */
	title: function (key, brief) {
		var m = this.known.get(key), t = this.texts, when;
		if (!m.measure) { return t.word('measure.events'); }
		when = m.before ? t.word('measure.change', {a: this._when(m.before), b: this._when(m.series)}) : this._when(m.series);
		return brief ? when : when ? t.word('measure.title', {name: t.name(m.measure.name), when: when}) : t.name(m.measure.name);
	},

	/** The level whose districts a measure colours. */
	level: function (key) {
		return this.data.districts.levels[this.known.get(key).level].id;
	},

	/**
	 * What is drawn: {fill: {id: token, or null for no figure}, classes: [{token, text, count}], without: districts without
	 * a figure, districts: how many there are, sum}.
	 */
	show: function (key) {
		var m = this.known.get(key), d = this.data.districts, limits = this._limits(m), tokens = this._tokens(m, limits.length + 1), self = this,
		    out = {fill: {}, without: 0, districts: 0, classes: tokens.map(function (token, k) { return {token: token, text: self._class(m, limits, k), count: 0}; })};
		d.id.forEach(function (id, i) {
			if (d.level[i] !== m.level) { return; }
			var value = self._value(m, i), k;
			out.districts++;
			if (value === null) {
				out.without++;
				// A district without events keeps the colour of the ground.
				if (m.measure) { out.fill[id] = null; }
				return;
			}
			k = limits.filter(function (limit, n) { return m.before && n > 1 ? value > limit : value >= limit; }).length;
			out.fill[id] = tokens[k];
			out.classes[k].count++;
		});
		return out;
	},

	/** The figure of a district in words, empty where it has none: « 49,159 in 1866, 54,988 in 1872: +11.9 % ». */
	figure: function (key, id) {
		var m = this.known.get(key), i = this._at.get(id), t = this.texts, value = this._value(m, i);
		if (!m.measure) { return ''; }
		if (value === null) { return t.word('measure.none'); }
		return m.before ? this._change(m, m.before.values[i], m.series.values[i]) : this.number(value);
	},

	/** The figures of the whole in words, empty where the tables do not have it. */
	whole: function (key) {
		var m = this.known.get(key);
		if (!m.measure || m.series.whole === null || m.before && m.before.whole === null) { return ''; }
		return m.before ? this._change(m, m.before.whole, m.series.whole) : this.number(m.series.whole);
	},

	/** Ids of the set's or subject's sources of a measure. */
	sources: function (key) {
		var m = this.known.get(key);
		return m.measure ? m.series.sources.concat(m.before ? m.before.sources : []).filter(function (x, k, all) { return all.indexOf(x) === k; }) : [];
	},

	/** Every figure that a district has: [{name, when, value}], in the order of the contract. */
	table: function (id) {
		var i = this._at.get(id), rows = [], self = this;
		this.known.forEach(function (m) {
			if (!m.measure || m.before || m.series.values[i] === null) { return; }
			rows.push({name: self.texts.name(m.measure.name), when: self._when(m.series), value: self.number(m.series.values[i]), sources: m.series.sources});
		});
		return rows;
	},

	/** A number as the language writes it. */
	number: function (value, options) { return this.texts.number(value, options); },

	_add: function (key, measure) { this.known.set(key, measure); },

	_measure: function (measure) {
		measure.series.forEach(function (s) {
			this._add(measure.id + '/' + s.when, {measure: measure, series: s, level: s.level, limits: s.limits});
		}, this);
		measure.changes.forEach(function (c) {
			var a = measure.series[c.from], b = measure.series[c.to];
			this._add(measure.id + '/' + a.when + '..' + b.when, {measure: measure, before: a, series: b, level: c.level, limits: c.limits});
		}, this);
	},

	_when: function (series) { return series.words[this.texts.language]; },

	/** The value that is classed: a count of events, a figure, a change in per cent; null where there is none. */
	_value: function (m, i) {
		if (!m.measure) { return this.count(i) || null; }
		var value = m.series.values[i], before = m.before && m.before.values[i];
		if (value === null || m.before && !before) { return null; }
		return m.before ? (value - before) / before * 100 : value;
	},

	/** How many events are shown in the i-th district and those inside it. */
	count: function (i) {
		if (!this._counts) { this._count(); }
		return this._counts[i];
	},

	_count: function () {
		var clock = this.clock, parent = this.data.districts.parent, counts = this._counts = new Uint32Array(parent.length);
		for (var k = 0; k < clock.n; k++) {
			if (clock.state[k]) { this._climb(counts, parent, this._at.get(clock.events.bin[k])); }
		}
	},

	_climb: function (counts, parent, at) {
		for (; at >= 0; at = parent[at]) { counts[at]++; }
	},

	/** Where the second to the last class begin. Those of events are fixed for a mode, so that steps can be compared. */
	_limits: function (m) {
		if (m.measure) { return m.limits; }
		if (!this._eventLimits || this._limitsOf !== this.clock.mode) {
			this._eventLimits = L.Measures.limits(this._most());
			this._limitsOf = this.clock.mode;
		}
		return this._eventLimits;
	},

	/** The most events that a district of the coarsest level has on any step in this mode. */
	_most: function () {
		var clock = this.clock, parent = this.data.districts.parent, most = 0, counts = new Uint32Array(parent.length);
		for (var step = 0; step < clock.count; step++) {
			var span = clock.interval(step, clock.mode);
			counts.fill(0);
			for (var k = 0; k < clock.n; k++) {
				if (clock.mask[k] && clock.stateOn(k, span[0], span[1])) { this._climb(counts, parent, this._at.get(clock.events.bin[k])); }
			}
			for (var i = 0; i < counts.length; i++) { most = Math.max(most, counts[i]); }
		}
		return most;
	},

	_tokens: function (m, n) {
		// A district with events must differ from the ground, so that counts do without the palest shade.
		var all = m.before ? this.options.changes : m.measure ? this.options.shades : this.options.shades.slice(1);
		return n >= all.length ? all : Array.from({length: n}, function (x, k) { return all[n === 1 ? 2 : Math.round(k * (all.length - 1) / (n - 1))]; });
	},

	_class: function (m, limits, k) {
		var t = this.texts, n = this.number.bind(this), low = limits[k - 1], high = limits[k], word;
		if (m.before) {
			word = ['lost_more', 'lost', 'level', 'gained', 'gained_more'][k];
			return t.word('measure.' + word, {a: n(limits[2]), b: n(limits[3])});
		}
		if (!m.measure && low === undefined) { low = 1; }
		var whole = !m.measure || m.series.values.every(function (v) { return v === null || Math.trunc(v) === v; }), last = whole ? high - 1 : high;
		if (high === undefined) { return low === undefined ? t.word('measure.any') : t.word('measure.from', {a: n(low)}); }
		if (low === undefined) { return t.word(whole ? 'measure.up_to' : 'measure.under', {b: n(last)}); }
		return low === last ? n(low) : t.word('measure.range', {a: n(low), b: n(last)});
	},

	_change: function (m, before, value) {
		var share = (value - before) / before;
		return this.texts.word('measure.changed', {
			a: this.number(before), when_a: this._when(m.before), b: this.number(value), when_b: this._when(m.series),
			share: this.number(share, {style: 'percent', signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1})
		});
	}
});

/** Where the second to fourth class of counts from 1 to `most` begin, each class as wide as the last or wider. */
L.Measures.limits = function (most) {
	var ladders = [[2, 3, 4], [2, 4, 6], [2, 4, 8], [3, 6, 11], [5, 11, 21], [11, 21, 51], [51, 101, 251], [101, 501, 1001]],
	    fits = ladders.filter(function (ladder) { return most >= ladder[2]; }).pop();
	return fits || ladders[0].filter(function (limit) { return limit <= most; });
};

/** @factory L.measures(data, clock, texts, options) */
L.measures = function (data, clock, texts, options) {
	return new L.Measures(data, clock, texts, options);
};
