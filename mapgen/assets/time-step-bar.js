/**
 * The time bar: the date, buttons to step and play, ways to look at time, and the strip, which is the slider.
 *
 * @class L.TimeStepBar
 * @inherits L.Control
 */
L.TimeStepBar = L.Control.extend({

	options: {
		// Where the bar stands when it is a control on the map.
		position: 'bottomleft',
		// Speeds offered, as multiples of the clock's interval.
		speeds: [0.5, 1, 2, 4],
		// Modes offered.
		modes: ['step', 'window-3', 'window-7', 'sofar'],
		// Width in pixels under which the bar is one line, and under which the date is written short.
		line: 900,
		narrow: 370,
		// Whether the date is spoken at each step; not where something else tells it.
		spoken: true
	},

	/** @param events columns `layer` and `vague`; @param layers [{group}]; @param groups [{hue}] */
	initialize: function (clock, parts, texts, options) {
		L.setOptions(this, options);
		this.clock = clock;
		this.texts = texts;
		this._group = Uint16Array.from(parts.events.layer, function (k) { return parts.layers[k].group; });
		this._vague = new Uint8Array(clock.n);
		(parts.events.vague || []).forEach(function (i) { this._vague[i] = 1; }, this);
		this._strip = L.timeStrip(clock, parts.groups, texts);
	},

	onAdd: function () {
		this._container = L.Texts.make('div.mg-time.mg-line', {role: 'group'});
		this._fill();
		this.clock.on({change: this.redraw, filter: this._recount, play: this._showPlay, rhythm: this._showChoices}, this);
		this._observer = new ResizeObserver(L.bind(this._measure, this));
		this._observer.observe(this._container);
		L.DomEvent.disableClickPropagation(this._container);
		return this._container;
	},

	onRemove: function () {
		this.clock.off({change: this.redraw, filter: this._recount, play: this._showPlay, rhythm: this._showChoices}, this);
		this._observer.disconnect();
		L.Util.cancelAnimFrame(this._frame);
	},

	/** Writes all words again, in the language that the texts now speak. */
	relabel: function () {
		L.DomUtil.empty(this._container);
		this._fill();
	},

	/** Takes the colours of another theme. */
	retheme: function () {
		this._strip.reset();
		this.redraw();
	},

	/** Takes the size of the bar, which a step does not change, and draws. */
	_measure: function () {
		var strip = this._strip.options;
		this._wide = this._container.clientWidth;
		this._container.classList.toggle('mg-line', this._wide < this.options.line);
		this._long = this._track.clientWidth;
		this._brief = this._wide < this.options.narrow || this._tight();
		strip.mini = this._track.clientHeight < 60;
		strip.bars = strip.mini ? Math.max(12, this._track.clientHeight - 2) : 58;
		this.redraw();
	},

	/** Whether some date that can be written short is wider than its place. */
	_tight: function () {
		var words = this.clock.steps.words[this.texts.language];
		this._day.textContent = words.date.reduce(function (a, b, k) { return words.brief[k] && b.length > a.length ? b : a; }, '');
		return this._day.scrollWidth > this._day.clientWidth;
	},

	/** Asks for one drawing in the next animation frame. */
	redraw: function () {
		if (!this._frame) { this._frame = L.Util.requestAnimFrame(this._draw, this); }
	},

	_recount: function () {
		this._strip.count(this._group, this._vague);
	},

	_fill: function () {
		var make = L.Texts.make, t = this.texts, speed = this._speed && this._speed.value;
		this._container.setAttribute('aria-label', t.word('bar'));
		this._day = make('p.mg-day');
		this._hours = make('p.mg-hours');
		this._calendar = make('p.mg-calendar', {lang: 'fr'});
		this._container.append(make('div.mg-date', {role: this.options.spoken ? 'status' : null}, [this._day, this._hours, this._calendar]));
		this._container.append(this._transport(), this._jumps(), this._looks(), this._slider());
		this._container.onkeydown = L.bind(this._onKey, this);
		if (speed) { this._speed.value = speed; }
		this._recount();
		this._strip.reset();
		this._showPlay();
		this._showChoices();
		if (this._container.isConnected) { this._measure(); }
	},

	_button: function (name, word, action, text) {
		var label = this.texts.word(word);
		return L.Texts.make('button.mg-button.mg-' + word.replace(/_/g, '-'), {
			type: 'button', title: text ? null : label, 'aria-label': text ? null : label, on: {click: L.bind(action, this)}
		}, name ? [L.Texts.icon(name), text ? label : null] : label);
	},

	_transport: function () {
		var clock = this.clock;
		this._play = L.Texts.make('button.mg-button.mg-primary.mg-play', {type: 'button', on: {click: L.bind(this.toggle, this)}});
		this._speed = L.Texts.make('select', {on: {change: L.bind(this._setSpeed, this)}}, this.options.speeds.map(function (v) {
			return L.Texts.make('option', v === 1 ? {value: v, selected: ''} : {value: v}, String(v).replace('0.5', '½') + '×');
		}));
		return L.Texts.make('div.mg-transport', {}, [
			this._button('first', 'first_step', function () { clock.go(0); }),
			this._button('previous', 'previous_step', function () { clock.move(-1); }), this._play,
			this._button('next', 'next_step', function () { clock.move(1); }),
			this._button('last', 'last_step', function () { clock.go(clock.count); }),
			L.Texts.make('label.mg-select.mg-speed', {}, [L.Texts.make('span', {}, this.texts.word('speed')), this._speed])
		]);
	},

	_jumps: function () {
		var clock = this.clock, back = this._button('previous', 'previous_event', function () { clock.move(-1, 'event'); }, true),
		    on = this._button(null, 'next_event', function () { clock.move(1, 'event'); });
		on.append(L.Texts.icon('next', 15));
		return L.Texts.make('div.mg-jumps', {}, [back, on]);
	},

	_looks: function () {
		var t = this.texts, make = L.Texts.make, clock = this.clock;
		this._rhythm = make('select', {on: {change: function () { clock.setRhythm(this.value); }}},
			['step', 'day', 'event', 'phase'].map(function (id) { return make('option', {value: id}, t.word('rhythms.' + id)); }));
		this._mode = make('select', {on: {change: function () { clock.setMode(this.value); }}},
			this.options.modes.map(function (id) { return make('option', {value: id}, this._modeName(id)); }, this));
		this._field = make('input', {type: 'text', size: 13, autocomplete: 'off', spellcheck: 'false', title: t.word('go_to_help', t.example(clock))});
		return make('form.mg-looks', {novalidate: '', on: {submit: L.bind(this._submit, this)}}, [
			make('label.mg-select', {}, [make('span', {}, t.word('move_by')), this._rhythm]),
			make('label.mg-select', {}, [make('span', {}, t.word('show')), this._mode]),
			make('label.mg-select.mg-goto', {}, [make('span', {}, t.word('go_to')), this._field])
		]);
	},

	_modeName: function (mode) {
		var n = L.TimeSteps.width(mode);
		return mode === 'sofar' || n > 1 ? this.texts.word('modes.' + (n > 1 ? 'window' : mode), {n: n}) : this.texts.word('modes.step');
	},

	_slider: function () {
		this._range = L.Texts.make('input.mg-range', {
			type: 'range', min: 0, max: this.clock.count - 1, step: 1, 'aria-label': this.texts.word('strip', {n: this.clock.count}),
			on: {input: L.bind(function () { this.clock.go(+this._range.value); }, this)}
		});
		this._track = L.Texts.make('div.mg-strip', {on: {
			pointerdown: L.bind(this._grab, this), pointermove: L.bind(this._drag, this), pointerup: L.bind(this._drop, this)
		}}, [this._strip.canvas, this._range]);
		return this._track;
	},

	_grab: function (e) {
		if (e.button) { return; }
		this._track.setPointerCapture(e.pointerId);
		this._dragging = true;
		this._drag(e);
		this._range.focus({preventScroll: true});
		e.preventDefault();
	},

	_drag: function (e) {
		if (this._dragging) { this.clock.go(this._strip.at(e.clientX - this._track.getBoundingClientRect().left)); }
	},

	_drop: function () { this._dragging = false; },

	_onKey: function (e) {
		var clock = this.clock, field = e.target.tagName === 'SELECT' || e.target === this._field || e.key === ' ' && e.target.tagName === 'BUTTON', action = {
			ArrowLeft: function () { clock.move(-1); }, ArrowRight: function () { clock.move(1); },
			ArrowDown: function () { clock.move(-1); }, ArrowUp: function () { clock.move(1); },
			PageUp: function () { clock.move(-1, 'phase'); }, PageDown: function () { clock.move(1, 'phase'); },
			Home: function () { clock.go(0); }, End: function () { clock.go(clock.count); }, ' ': L.bind(this.toggle, this)
		}[e.key];
		if (!action || e.ctrlKey || e.metaKey || e.altKey || field) { return; }
		action();
		e.preventDefault();
	},

	/** Plays or pauses. */
	toggle: function () {
		if (this.clock.playing()) { this.clock.pause(); } else { this.clock.play(+this._speed.value); }
	},

	_setSpeed: function () {
		if (this.clock.playing()) { this.clock.play(+this._speed.value); }
	},

	_showPlay: function () {
		var word = this.clock.playing() ? 'pause' : 'play';
		L.DomUtil.empty(this._play);
		this._play.append(L.Texts.icon(word, 15), L.Texts.make('span', {}, this.texts.word(word)));
		this._play.setAttribute('aria-label', this.texts.word(word));
	},

	_showChoices: function () {
		var mode = this.clock.mode, known = Array.prototype.some.call(this._mode.options, function (o) { return o.value === mode; });
		if (!known) { this._mode.append(L.Texts.make('option', {value: mode}, this._modeName(mode))); }
		this._mode.value = mode;
		this._rhythm.value = this.clock.rhythm;
	},

	/** Goes to the date that was typed; says so when it is none. */
	_submit: function (e) {
		var text = this._field.value.trim(), iso = this.texts.readDate(text), index = iso ? this.clock.indexOf(iso) : -1;
		e.preventDefault();
		this._field.setCustomValidity(index < 0 ? this.texts.word('go_to_wrong', this.texts.example(this.clock)) : '');
		if (index < 0) { this._field.reportValidity(); } else { this.clock.go(index); }
	},

	_draw: function () {
		var clock = this.clock, i = clock.index, words = this.texts.step(i);
		this._frame = null;
		this._day.textContent = this._brief ? words.brief : words.date;
		this._hours.textContent = this.texts.join([words.hours, words.day]);
		this._calendar.textContent = words.calendar;
		this._range.value = i;
		this._range.setAttribute('aria-valuetext', this.texts.join([words.date, words.hours]));
		if (document.activeElement !== this._field) { this._field.value = words.typed; }
		if (this._mode.value !== clock.mode) { this._showChoices(); }
		this._strip.draw(this._long);
	}
});

L.timeStepBar = function (clock, parts, texts, options) {
	return new L.TimeStepBar(clock, parts, texts, options);
};
