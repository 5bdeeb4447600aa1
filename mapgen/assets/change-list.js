/**
 * What changed between a step and the one shown: events that are new, ended, became certain or only possible, and the
 * districts that have more or fewer of them. Equal to `mapgen diff`.
 *
 * @class L.ChangeList
 */
L.ChangeList = L.Class.extend({

	/**
	 * @param list makes rows: {clock, texts, make}
	 * @param acts {close: function (), choose: function (i), counts: function (mode, step): counts of districts as `mapgen state` gives them,
	 * district: function (id): its name, top: ids of districts that have none above them}
	 */
	initialize: function (list, acts, options) {
		L.setOptions(this, options);
		this.list = list;
		this.clock = list.clock;
		this.texts = list.texts;
		this.acts = acts;
		this.since = 'step';
		this.container = L.Texts.make('section.mg-changes', {hidden: '', tabindex: -1, on: {click: L.bind(this._onClick, this)}});
		this.clock.on('change', function () { if (this.open) { this._fill(); } }, this);
	},

	/** Shows or hides it. */
	show: function (open) {
		this.open = open;
		this.container.hidden = !open;
		if (open) {
			this._frame();
			this._fill();
		}
	},

	relabel: function () {
		if (this.open) { this.show(true); }
	},

	/** The step that is compared with: the one before, the day before, the start of the phase, or one that was named. */
	from: function () {
		var clock = this.clock, i = clock.index, day = clock.steps.at[i].slice(0, 10);
		if (this.since === 'day') {
			while (i >= 0 && clock.steps.at[i].slice(0, 10) === day) { i--; }
			return i;
		}
		return this.since === 'step' ? i - 1 : this.since === 'phase' ? clock.phases[clock.phase(i)].start : this.named;
	},

	/** The tools, which stay while the rest follows the clock. */
	_frame: function () {
		var t = this.texts, make = L.Texts.make, self = this, index = this.clock.index,
		    choice = make('select', {on: {change: function () { self.since = this.value; self.show(true); self.container.querySelector('select').focus(); }}},
		        ['step', 'day', 'phase', 'date'].map(function (id) { return make('option', {value: id, selected: id === self.since ? '' : null}, t.word('changes.' + id)); }));
		if (this.since === 'date' && this.named === undefined) { this.named = index; }
		this._field = make('input', {type: 'text', size: 12, autocomplete: 'off', value: this.since === 'date' ? t.step(this.named).typed : '', 'aria-label': t.word('go_to')});
		this._body = make('div.mg-list');
		this.container.setAttribute('aria-label', t.word('changes.name'));
		this.container.replaceChildren(make('div.mg-card-tools', {}, [
			make('button.mg-button.mg-plain.mg-back', {type: 'button', on: {click: this.acts.close}}, [L.Texts.icon('previous', 16), t.word('list')]), make('h2', {}, t.word('changes.name')),
			make('button.mg-button.mg-plain', {type: 'button', 'aria-label': t.word('close'), title: t.word('close'), on: {click: this.acts.close}}, L.Texts.icon('close'))
		]), make('form.mg-since', {novalidate: '', on: {submit: L.bind(this._submit, this)}}, [
			make('label.mg-select', {}, [make('span', {}, t.word('changes.since')), choice]), this.since === 'date' ? make('label.mg-select.mg-goto', {}, this._field) : null
		]), this._body);
	},

	_submit: function (e) {
		var text = this._field.value.trim(), iso = this.texts.readDate(text), index = iso ? this.clock.indexOf(iso) : -1, example = this.texts.example(this.clock);
		e.preventDefault();
		this._field.setCustomValidity(index < 0 ? this.texts.word('go_to_wrong', example) : '');
		if (index < 0) {
			this._field.reportValidity();
			return;
		}
		this.named = index;
		this._fill();
	},

	_fill: function () {
		var t = this.texts, make = L.Texts.make, clock = this.clock, from = this.from(), to = clock.index, diff = clock.diff(from, to, 'step'), out = [], self = this;
		out.push(make('p.mg-between', {role: 'status'}, from < 0 ? t.word('changes.first') : t.word('changes.between', {a: this._step(from), b: this._step(to)})));
		['fresh', 'ended', 'certain', 'possible', 'on'].forEach(function (kind) {
			var events = diff[kind].sort(L.bind(clock.before, clock)), rows;
			if (!events.length) { return; }
			rows = make('ul', {}, events.map(function (i) { return make('li', {}, self.list.make(i, clock.stateOn.apply(clock, [i].concat(clock.interval(kind === 'ended' ? from : to, 'step'))) === 1)); }));
			// What goes on did not change: it is there, folded.
			out.push.apply(out, kind === 'on' ? [make('details.mg-kind-on', {}, [make('summary', {}, self._head(kind, events.length)), rows])] : [make('h2.mg-kind-' + kind, {}, self._head(kind, events.length)), rows]);
		});
		out.push(this._districts(from, to));
		this._body.replaceChildren.apply(this._body, out);
	},

	_head: function (kind, n) {
		return [this.texts.word('changes.' + kind), L.Texts.make('span', {}, String(n))];
	},

	_step: function (index) { return this.texts.step(index).short; },

	/** Districts of the coarsest level that have more or fewer events. */
	_districts: function (from, to) {
		var acts = this.acts, before = from < 0 ? {} : acts.counts('step', from), after = acts.counts('step', to), make = L.Texts.make, rows = [], t = this.texts,
		    sum = function (counts, id) { return counts[id] ? counts[id].certain + counts[id].possible : 0; };
		acts.top.forEach(function (id) {
			var change = sum(after, id) - sum(before, id);
			if (change) { rows.push(make('tr', {}, [make('th', {scope: 'row'}, acts.district(id)), make('td', {}, sum(after, id)), make('td', {}, (change > 0 ? '+' : '\u2212') + Math.abs(change))])); }
		});
		return rows.length ? make('table.mg-changed', {}, [make('caption', {}, t.word('changes.districts')), make('tbody', {}, rows)]) : '';
	},

	_onClick: function (e) {
		var row = e.target.closest('.mg-row');
		if (row) { this.acts.choose(+row.dataset.i); }
	}
});

/** @factory L.changeList(list, acts, options) */
L.changeList = function (list, acts, options) {
	return new L.ChangeList(list, acts, options);
};
