/**
 * The clock: which step is shown, what is visible on it and who wants to know.
 *
 * All times are whole minutes from the subject's first one; nothing here knows a calendar or a time zone.
 * Layers, list, legend and counts subscribe to its events: `change` (step, mode or filter), `select`, `hover`, `play`.
 *
 * @class L.TimeSteps
 * @inherits L.Evented
 */
L.TimeSteps = L.Evented.extend({

	options: {
		// How time is looked at: `step`, `sofar` or `window-N` (the step and the N-1 before it).
		mode: 'window-3',
		// Where next and previous go: `step`, `day`, `event` or `phase`.
		rhythm: 'step',
		// Milliseconds that a step is shown while playing at speed 1.
		interval: 1200,
		// First and last step where the clock goes; they limit neither states nor counts.
		from: 0,
		to: Infinity
	},

	/**
	 * @param steps {start: [minute], end: minute, at: [text, one more than steps], day: [number]}
	 * @param events columns {first, firstLatest, lastEarliest, last, capped: [index], layer, bin, tag, firstStep, importance}
	 * @param phases [{start: step}]
	 */
	initialize: function (steps, events, phases, options) {
		L.setOptions(this, options);
		this.steps = steps;
		this.events = events;
		this.phases = phases;
		this.count = steps.start.length;
		this.n = events.first.length;
		['first', 'firstLatest', 'lastEarliest', 'last'].forEach(function (name) {
			this['_' + name] = Int32Array.from(events[name]);
		}, this);
		this._capped = new Uint8Array(this.n);
		(events.capped || []).forEach(function (i) { this._capped[i] = 1; }, this);
		this.state = new Uint8Array(this.n);
		this.age = new Uint8Array(this.n);
		this.grade = new Uint8Array(this.n);
		this.mask = new Uint8Array(this.n).fill(1);
		this.mode = this.options.mode;
		this.rhythm = this.options.rhythm;
		this.index = Math.max(0, this.options.from);
		this.selected = this.hovered = -1;
		this._order();
		this._look();
	},

	/** Weight decides which of several marks is on top: importance, then the order of the table. */
	_order: function () {
		var weight = this.events.importance || [], order = new Int32Array(this.n);
		for (var i = 0; i < this.n; i++) { order[i] = i; }
		this.order = order.sort(function (a, b) { return (weight[a] || 0) - (weight[b] || 0) || a - b; });
	},

	// --- Where the clock stands ---

	/** First minute of a step and the minute after its last. */
	bounds: function (index) {
		return [this.steps.start[index], index + 1 < this.count ? this.steps.start[index + 1] : this.steps.end];
	},

	/** The interval on which states are evaluated: [first minute, minute after the last]. */
	interval: function (index, mode) {
		var end = this.bounds(index)[1];
		if (mode === 'sofar') { return [this.steps.start[0], end]; }
		return [this.steps.start[Math.max(0, index - L.TimeSteps.width(mode) + 1)], end];
	},

	/** Goes to a step; steps outside `from` and `to` are clamped. */
	go: function (index) {
		index = Math.max(this.first(), Math.min(this.final(), index));
		if (index !== this.index) {
			this.index = index;
			this._changed();
		}
		return this;
	},

	first: function () { return Math.max(0, this.options.from); },

	final: function () { return Math.min(this.count - 1, this.options.to); },

	/** Goes n times to the next (or, n below 0, previous) step, day, step with a new event, or phase. */
	move: function (n, rhythm) {
		var index = this.index, before = -1;
		for (var k = 0; k < Math.abs(n) && index !== before; k++) {
			before = index;
			index = this._neighbour(index, n < 0 ? -1 : 1, rhythm || this.rhythm);
		}
		return this.go(index);
	},

	_neighbour: function (index, sign, rhythm) {
		var i = index + sign;
		if (rhythm === 'day') {
			while (i > 0 && i < this.count && !this._newDay(i, index, sign)) { i += sign; }
		} else if (rhythm === 'phase') {
			i = this._phaseStart(index, sign);
		} else if (rhythm === 'event') {
			while (i >= 0 && i < this.count && !this._begins(i)) { i += sign; }
			if (i < 0 || i >= this.count) { return index; }
		}
		return Math.max(0, Math.min(this.count - 1, i));
	},

	_day: function (i) { return this.steps.at[i].slice(0, 10); },

	/** Whether step i is the first of a day other than that of `index`. */
	_newDay: function (i, index) {
		return this._day(i) !== this._day(index) && (i === 0 || this._day(i) !== this._day(i - 1));
	},

	_phaseStart: function (index, sign) {
		var phase = this.phase(index), start = this.phases[phase].start;
		if (sign < 0) { return index > start ? start : this.phases[Math.max(0, phase - 1)].start; }
		return phase + 1 < this.phases.length ? this.phases[phase + 1].start : this.count - 1;
	},

	_begins: function (step) {
		var first = this.events.firstStep;
		for (var i = 0; i < this.n; i++) {
			if (first[i] === step && this.mask[i]) { return true; }
		}
		return false;
	},

	/** The phase to which a step belongs. */
	phase: function (index) {
		var k = this.phases.length - 1;
		while (k > 0 && this.phases[k].start > index) { k--; }
		return k;
	},

	/** The step that a text `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM` means, clamped to the extent; -1 if it is no date. */
	indexOf: function (text) {
		var at = L.TimeSteps.minute(text), k = this.count - 1;
		if (!at) { return -1; }
		while (k > 0 && this.steps.at[k] > at) { k--; }
		return k;
	},

	// --- What is visible ---

	/** State of event i on [start, end): 2 certain, 1 possible, 0 absent; filters are not looked at. */
	stateOn: function (i, start, end) {
		if (this._first[i] >= end || this._last[i] < start) { return 0; }
		return this._firstLatest[i] < end && this._lastEarliest[i] >= start && !this._capped[i] ? 2 : 1;
	},

	_look: function () {
		var span = this.interval(this.index, this.mode), now = this.bounds(this.index),
		    before = this.index ? this.bounds(this.index - 1) : now, first = this._first, last = this._last, state = this.state;
		for (var i = 0; i < this.n; i++) {
			if (!this.mask[i] || first[i] >= span[1] || last[i] < span[0]) { state[i] = 0; continue; }
			state[i] = this._firstLatest[i] < span[1] && this._lastEarliest[i] >= span[0] && !this._capped[i] ? 2 : 1;
			this.age[i] = first[i] < now[1] && last[i] >= now[0] ? 0 : first[i] < before[1] && last[i] >= before[0] ? 1 : 2;
			// What goes on since before the interval is no news: it is drawn one grade paler than what began in it.
			this.grade[i] = this.age[i] || (first[i] < span[0] ? 1 : 0);
		}
	},

	/**
	 * What changed between two steps (-1: before the first), as `mapgen diff` tells it: indices of events that are new,
	 * ended and going on, and of those going on that became certain or possible.
	 */
	diff: function (from, to, mode) {
		var self = this, out = {fresh: [], ended: [], on: [], certain: [], possible: []}, origin = this.steps.start[0],
		    spans = [from, to].map(function (index) { return index < 0 ? [origin, origin] : self.interval(index, mode); });
		for (var i = 0; i < this.n; i++) {
			if (!this.mask[i]) { continue; }
			var was = this.stateOn(i, spans[0][0], spans[0][1]), is = this.stateOn(i, spans[1][0], spans[1][1]);
			if (!was && !is) { continue; }
			out[!was ? 'fresh' : !is ? 'ended' : 'on'].push(i);
			if (was && is && was !== is) { out[is > was ? 'certain' : 'possible'].push(i); }
		}
		return out;
	},

	/** Whether event i was not there yet one step ago. */
	isNew: function (i) {
		return !this.index || this._first[i] >= this.steps.start[this.index];
	},

	/** Which of two events began first, below 0 for a; of two that may have begun at the same time the one that is known better. */
	before: function (a, b) {
		return this._first[a] - this._first[b] || this._firstLatest[a] - this._firstLatest[b];
	},

	/** Visible events by a column of small integers: the sum of states, 0 where none. */
	tally: function (column, size) {
		var out = new Int32Array(size);
		for (var i = 0; i < this.n; i++) {
			if (this.state[i]) { out[column[i]]++; }
		}
		return out;
	},

	// --- What is asked of it ---

	setMode: function (mode) {
		if (!L.TimeSteps.width(mode) && mode !== 'sofar') { throw new Error('mode ' + mode); }
		if (mode !== this.mode) {
			this.mode = mode;
			this._changed();
		}
		return this;
	},

	setRhythm: function (rhythm) {
		this.rhythm = rhythm;
		return this.fire('rhythm');
	},

	/** Sets which events pass: a function of the index, true for those that do. */
	setMask: function (passes) {
		for (var i = 0; i < this.n; i++) { this.mask[i] = passes(i) ? 1 : 0; }
		this._look();
		return this.fire('filter').fire('change');
	},

	_changed: function () {
		this._look();
		this.fire('step').fire('change');
	},

	/** Selects event i (-1 for none); moves the clock when it would not be visible, unless told to stay. */
	select: function (i, stay) {
		if (i === this.selected) { return this; }
		this.selected = i;
		if (i >= 0 && !stay && !this.state[i] && this.mask[i]) {
			this.go(this.events.firstStep[i]);
			this.fire('moved');
		}
		return this.fire('select');
	},

	hover: function (i) {
		if (i !== this.hovered) {
			this.hovered = i;
			this.fire('hover');
		}
		return this;
	},

	// --- Playing ---

	play: function (speed) {
		this.pause();
		this.speed = speed || this.speed || 1;
		if (this.index >= this.final()) { this.go(this.first()); }
		this._timer = setInterval(L.bind(this._tick, this), this.options.interval / this.speed);
		return this.fire('play');
	},

	pause: function () {
		if (this._timer) {
			clearInterval(this._timer);
			this._timer = null;
			this.fire('play');
		}
		return this;
	},

	playing: function () { return !!this._timer; },

	_tick: function () {
		var before = this.index;
		this.move(1);
		if (this.index === before || this.index >= this.final()) { this.pause(); }
	}
});

/** Over how many steps a mode looks: 1 for `step`, N for `window-N`, 0 for anything else. */
L.TimeSteps.width = function (mode) {
	var match = /^window-([1-9]\d{0,2})$/.exec(mode);
	return mode === 'step' ? 1 : match ? +match[1] : 0;
};

/** The text `YYYY-MM-DDTHH:MM` of a day or minute, empty when there is no such day or minute. */
L.TimeSteps.minute = function (text) {
	var m = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/.exec(text), days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
	if (!m || +m[2] < 1 || +m[2] > 12 || +m[3] < 1 || +(m[4] || 0) > 23 || +(m[5] || 0) > 59 || +m[1] < 1) { return ''; }
	var leap = +m[1] % 4 === 0 && (+m[1] % 100 !== 0 || +m[1] % 400 === 0);
	if (+m[3] > days[m[2] - 1] + (leap && +m[2] === 2 ? 1 : 0)) { return ''; }
	return text.length === 10 ? text + 'T00:00' : text;
};

L.timeSteps = function (steps, events, phases, options) {
	return new L.TimeSteps(steps, events, phases, options);
};
