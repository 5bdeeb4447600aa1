/* Filters, state, address and API of L.MapPage. */
L.MapPage.include({

	// --- Filters ---

	_setLayers: function (ids) {
		this.filter.layers = ids.length === this.tree.all().length ? null : ids;
		this._filter();
	},

	/** Filters to a district, or to none when it is the one already chosen. */
	_setDistrict: function (id) {
		this.filter.district = id === this.filter.district ? '' : id;
		this._filter();
	},

	/** Colours the districts by a measure; '' for none. */
	_setMeasure: function (key) {
		var filled = !!key;
		if (key === this.measure) { return; }
		this.measure = key;
		[this.ground, this.lines, this.names].forEach(function (layer) { layer.setFilled(filled); });
		this.key.show(key);
		this._showZones();
		this.pointer.show(key);
		this.tree.relist();
		this.districts.setFill(key ? this.measures.show(key).fill : null);
		if (!this._viewed) { this._fit(); }
		this._write();
	},

	/** Counts of events change with every step; the figures of the tables do not. */
	_recolour: function () {
		if (this.measure !== 'events') { return; }
		this.districts.setFill(this.measures.show('events').fill);
		this.key.redraw();
	},

	_filter: function () {
		var f = this.filter, data = this.data, events = data.events, chosen = new Set(f.layers || this.tree.all()), hidden = {}, self = this,
		    layers = data.layers.map(function (l) { return chosen.has(l.id); }), inside = this._inside(f.district),
		    needles = L.Texts.fold(f.q).split(/\s+/).filter(Boolean), tags = f.tags.map(function (tag) { return events.tags.indexOf(tag); });
		Object.keys(data.base.layers).concat(data.districts.levels.map(function (level) { return level.id; })).forEach(function (id) { if (!chosen.has('base-' + id)) { hidden[id] = true; } });
		[this.ground, this.lines, this.names].forEach(function (layer) { layer.setHidden(hidden); });
		this._zonesOn = chosen.has('base-zones');
		this._showZones();
		this.clock.setMask(function (i) {
			return layers[events.layer[i]] && (!inside || inside.has(events.bin[i])) &&
				(!tags.length || tags.some(function (tag) { return events.tag[i].indexOf(tag) >= 0; })) &&
				needles.every(function (needle) { return self.texts.haystack(i).indexOf(needle) >= 0; });
		});
		this.districts.setSelected(f.district || null);
		this.tree.relist();
		this._write();
		this._showChips();
	},

	/** A district and those inside it, or null for no filter. */
	_inside: function (id) {
		var d = this.data.districts, out, self = this;
		if (!id) { return null; }
		out = new Set([id]);
		d.id.forEach(function (other, i) {
			for (var at = i; at >= 0; at = d.parent[at]) { if (at === self._districtAt.get(id)) { out.add(other); } }
		});
		return out;
	},

	// --- State and address ---

	/** For each key of the hash, in its order: the clean value of a text, or null. */
	_checks: function () {
		var self = this, clock = this.clock, events = this.data.events, list = function (known) {
			return function (value) {
				var found = value.split(',').filter(Boolean).filter(function (x, k, all) { return known().has(x) && all.indexOf(x) === k; });
				return found.length || !value ? found.join(',') : null;
			};
		}, one = function (test) { return function (value) { return test(value) ? value : null; }; };
		return {
			date: function (v) { return clock.indexOf(v) < 0 ? null : v; },
			view: function (v) { return L.MapPage.view(v) ? v : null; },
			layers: list(function () { return new Set(self.tree.all()); }),
			measure: one(function (v) { return v === '' || self.measures.known.has(v); }),
			event: function (v) {
				// A link to an event that was merged opens the one that tells it now.
				v = Object.hasOwn(self.data.retired, v) ? self.data.retired[v] : v;
				return v === '' || self._indexOfId.has(v) ? v : null;
			},
			district: one(function (v) { return v === '' || self._districtAt.has(v); }),
			tags: list(function () { return new Set(events.tags); }),
			mode: one(function (v) { return v === 'sofar' || L.TimeSteps.width(v) > 0; }),
			rhythm: one(function (v) { return ['step', 'day', 'event', 'phase'].indexOf(v) >= 0; }),
			q: one(function (v) { return v.length <= 200 && !/\p{Cs}/u.test(v); }),
			tour: one(function (v) { return v === '' || self._stop(v) >= 0; })
		};
	},

	/**
	 * Takes what a hash or `setState` says; keys that are absent go back to their defaults. An event without a date sets
	 * the date; one with a date leaves it, unless it `moves` the clock.
	 */
	_apply: function (s, moves) {
		var stop = this._stop(s.tour);
		// A link to a stop that says nothing else shows what the stop shows.
		if (stop >= 0 && s.date === undefined && s.view === undefined) { s = L.extend(Object.create(null), this._stopState(stop), s); }
		var f = this.filter, clock = this.clock, view = s.view && L.MapPage.view(s.view), event = s.event ? this._indexOfId.get(s.event) : -1;
		f.layers = s.layers === undefined ? null : s.layers.split(',').filter(Boolean);
		f.district = s.district || '';
		f.tags = (s.tags || '').split(',').filter(Boolean);
		f.q = s.q || '';
		clock.mode = s.mode || 'window-3';
		clock.setRhythm(s.rhythm || 'step');
		this._viewed = !!view;
		this._near = false;
		this._named = view;
		this._setMeasure(s.measure || '');
		clock.index = s.date === undefined ? this.home : Math.max(clock.first(), Math.min(clock.final(), clock.indexOf(s.date)));
		this.tree.choose(f.layers || this.tree.all());
		this._filter();
		// The legend, beside which the first view is fitted, counts what is shown now.
		this._resize();
		if (event >= 0) {
			if (!moves && s.date === undefined && !clock.state[event]) { clock.go(this.data.events.firstStep[event]); }
			clock.selected = -1;
		}
		// A view that is named stays, wherever the event lies.
		this._steady = !!view;
		clock.select(event, !moves);
		this._steady = false;
		this._showTour(stop);
		if (stop >= 0 && this.data.tour[stop].event) { clock.hover(this._indexOfId.get(this.data.tour[stop].event)); }
	},

	/** The state as the hash tells it: defaults are undefined. */
	_hashState: function () {
		var s = this.getState(), all = this.tree.all().join(','), clock = this.clock,
		    // An event that is not visible would set another date, were this one left out.
		    plain = clock.index === this.home && (clock.selected < 0 || clock.state[clock.selected]);
		return {
			date: plain ? undefined : s.at, view: this._viewed ? s.view : undefined,
			layers: s.layers === all ? undefined : s.layers, measure: s.measure || undefined, event: s.event || undefined, district: s.district || undefined,
			tags: s.tags || undefined, mode: s.mode === 'window-3' ? undefined : s.mode, rhythm: s.rhythm === 'step' ? undefined : s.rhythm,
			q: this.filter.q || undefined, tour: this.tour < 0 ? undefined : this.data.tour[this.tour].id
		};
	},

	_write: function () {
		if (this.api) { this.hash.write(L.bind(this._hashState, this)); }
	},

	/** Whether the page has an address that others can open. */
	addressed: function () { return /^http/.test(location.protocol); },

	/** The address of the page without query and hash; one to be filled in where it has none that others can open. */
	_home: function () {
		return this.addressed() ? location.origin + location.pathname : 'https://YOUR-SITE/' + (location.pathname.split('/').pop() || 'index.html');
	},

	/** The address of what is shown now, with `look` as its query. */
	address: function (look) {
		var query = new URLSearchParams(look).toString(), hash = this.hash.text(this._hashState());
		return this._home() + (query ? '?' + query : '') + (hash ? '#' + hash : '');
	},

	_linkTo: function (i) {
		return location.href.split('#')[0] + '#' + this.hash.text({date: this.data.steps.at[this.clock.index], event: this.data.events.id[i]});
	},

	/** What is shown, in the words of `mapgen state`, and what the address says. */
	getState: function () {
		var clock = this.clock, i = clock.index, at = this.data.steps.at, ids = this.data.events.id, centre = this.map.getCenter(), out;
		out = {at: at[i], mode: clock.mode, step: {index: i, start: at[i], end: at[i + 1]}, certain: [], possible: []};
		for (var k = 0; k < clock.n; k++) {
			if (clock.state[k]) { out[clock.state[k] === 2 ? 'certain' : 'possible'].push(ids[k]); }
		}
		L.extend(out, this._counts(clock.state));
		return L.extend(out, {
			date: at[i], rhythm: clock.rhythm, layers: this.tree.all().filter(function (id) { return this.tree.chosen.has(id); }, this).join(','),
			view: [this.map.getZoom().toFixed(2), centre.lat.toFixed(5), centre.lng.toFixed(5)].join('/'), measure: this.measure,
			event: clock.selected < 0 ? '' : ids[clock.selected], district: this.filter.district, tags: this.filter.tags.join(','), lang: this.language
		});
	},

	/** Counts of each district and of the rest on any step in any mode, as `mapgen state` gives them. */
	countsOn: function (mode, step) {
		var clock = this.clock, span = clock.interval(step, mode);
		return this._counts(Uint8Array.from(clock.state, function (x, i) { return clock.mask[i] ? clock.stateOn(i, span[0], span[1]) : 0; }));
	},

	_counts: function (state) {
		var clock = this.clock, events = this.data.events, d = this.data.districts, found = {}, out = {districts: {}}, key, self = this;
		for (var k = 0; k < clock.n; k++) {
			if (!state[k]) { continue; }
			for (key = events.bin[k]; key; key = this._districtAt.has(key) ? d.id[d.parent[this._districtAt.get(key)]] : null) {
				if (!found[key]) { found[key] = {certain: 0, possible: 0}; }
				found[key][state[k] === 2 ? 'certain' : 'possible']++;
			}
		}
		Object.keys(found).sort().forEach(function (id) { if (self._districtAt.has(id)) { out.districts[id] = found[id]; } });
		['city', 'outside', 'unplaced'].forEach(function (bin) { out[bin] = found[bin] || {certain: 0, possible: 0}; });
		return out;
	},

	/** Changes part of the state; keys and values as in the hash, and `lang`. Throws at what is not known or not good. */
	setState: function (partial) {
		var next = this._hashState(), checks = this.hash.checks;
		Object.keys(partial).forEach(function (key) {
			var value = Array.isArray(partial[key]) ? partial[key].join(',') : partial[key], clean;
			if (key === 'lang') {
				if (this.data.languages.indexOf(value) < 0) { throw new RangeError('lang: ' + value); }
			} else {
				clean = Object.hasOwn(checks, key) && typeof value === 'string' ? checks[key](value) : null;
				if (clean === null || clean.split(',').length < new Set(value.split(',')).size) { throw new RangeError(key + ': ' + value); }
				next[key] = clean;
			}
		}, this);
		if (partial.tour) {
			['date', 'view', 'layers', 'event'].forEach(function (key) { if (partial[key] === undefined) { delete next[key]; } });
		}
		this._apply(next, !!partial.event && partial.date === undefined);
		if (partial.lang) { this._speak(partial.lang, false); }
		return this.getState();
	},

	_api: function (ready) {
		var self = this, clock = this.clock, later = function (act) {
			return function (value) { return ready.then(function () { act(value); return self.getState(); }); };
		};
		window.mapgen = Object.freeze({
			ready: ready,
			getState: function () { return self.getState(); },
			setState: later(function (partial) { self.setState(partial || {}); }),
			step: later(function (n) { clock.move(n === undefined ? 1 : Math.trunc(n) || 0); }),
			play: later(function () { clock.play(); }),
			pause: later(function () { clock.pause(); })
		});
		return window.mapgen;
	}
});

/** The parts of a view `zoom/lat/lon`, or null when it is none. */
L.MapPage.view = function (text) {
	var m = /^(\d{1,2}(?:\.\d{1,4})?)\/(-?\d{1,2}(?:\.\d{1,7})?)\/(-?\d{1,3}(?:\.\d{1,7})?)$/.exec(text), v = m && m.slice(1).map(Number);
	return v && v[0] <= 22 && Math.abs(v[1]) <= 85 && Math.abs(v[2]) <= 180 ? v : null;
};

/** The text of a block of the page, packed or not; one that is not as it was written throws an Error. */
L.MapPage.block = function (id) {
	var el = document.getElementById(id), text = el.textContent, bytes;
	if (el.type !== 'application/json') { return L.Unpack.text(text); }
	bytes = new TextEncoder().encode(text);
	if (L.Unpack.sum(bytes, 0, bytes.length) !== +el.dataset.sum) { L.Unpack.damaged(); }
	return text;
};

/** Does something; when that fails, says so and leaves the chronology to be read. */
L.MapPage.attempt = function (act) {
	try {
		return act();
	} catch (error) {
		document.getElementById('mg-app').hidden = true;
		document.getElementById('mg-failed').hidden = false;
		document.documentElement.classList.add('mg-bare');
		throw error;
	}
};

/** Starts the page on a map. */
L.mapPage = function (map) {
	return L.MapPage.attempt(function () { return new L.MapPage(map); });
};
