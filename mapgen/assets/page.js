/**
 * The page: builds the layers and panels around the map that folium made, keeps them in step with the clock and the
 * address, and offers `window.mapgen` to scripts and hosts.
 *
 * @class L.MapPage
 */
L.MapPage = L.Class.extend({

	initialize: function (map) {
		this.map = map;
		this.root = document.documentElement;
		this.data = JSON.parse(document.getElementById('mapgen-data').textContent);
		this._look();
		this._prepare();
		this._build();
		this._wire();
		this._start();
	},

	// --- What whoever embeds the page has set ---

	/** Reads look and limits from the query, or from `data-` attributes where a text has no address (srcdoc). */
	_look: function () {
		var query = new URLSearchParams(location.search), set = this.root.dataset, full, self = this,
		    ask = function (key, allowed) {
		        var value = query.get(key) || set[key] || '';
		        return !allowed || allowed.indexOf(value) >= 0 ? value : '';
		    };
		this.ui = ask('ui', ['full', 'compact', 'none']) || 'full';
		full = this.ui === 'full';
		this.theme = ask('theme', ['auto', 'light', 'dark']) || (full ? 'auto' : 'light');
		this.language = ask('lang', this.data.languages) || this._readersLanguage();
		this.limits = {from: ask('from'), to: ask('to')};
		this.only = (ask('only') || '').split(',').filter(Boolean);
		this.framed = window.self !== window.top;
		this.root.classList.add('mg-' + this.ui);
		this.root.classList.toggle('mg-framed', this.framed);
		this._dark = window.matchMedia('(prefers-color-scheme: dark)');
		this._dark.addEventListener('change', function () { self._setTheme(); });
		this._setTheme();
	},

	_readersLanguage: function () {
		var known = this.data.languages, wanted = (navigator.languages || []).map(function (code) { return code.slice(0, 2).toLowerCase(); });
		return wanted.find(function (code) { return known.indexOf(code) >= 0; }) || known[0];
	},

	_setTheme: function () {
		var dark = this.theme === 'dark' || (this.theme === 'auto' && this._dark.matches);
		this.root.dataset.theme = dark ? 'dark' : 'light';
		(this._layers || []).forEach(function (layer) { layer.retheme(); });
		if (this.bar) { this.bar.retheme(); }
	},

	// --- Parts ---

	_prepare: function () {
		var data = this.data, events = data.events, clock;
		events.bin = events.bin.map(function (k) { return events.bins[k]; });
		this.texts = L.texts(data, this.language);
		clock = this.clock = this.map.timeSteps = L.timeSteps(data.steps, events, data.phases, {});
		clock.options.from = this.limits.from ? Math.max(0, clock.indexOf(this.limits.from)) : 0;
		clock.options.to = this.limits.to && clock.indexOf(this.limits.to) >= 0 ? clock.indexOf(this.limits.to) : clock.count - 1;
		this.home = Math.max(clock.first(), Math.min(clock.final(), clock.indexOf(data.openAt)));
		clock.index = this.home;
		clock._look();
		this.symbols = L.symbols(data.symbols);
		this.filter = {layers: null, district: '', tags: [], q: ''};
		this._indexOfId = new Map(events.id.map(function (id, i) { return [id, i]; }));
		this._districtAt = new Map(data.districts.id.map(function (id, i) { return [id, i]; }));
		this.hash = L.hashState(this._checks());
	},

	_build: function () {
		var data = this.data, map = this.map, clock = this.clock, base = L.baseMapData(data.base), events = data.events,
		    parts = {events: events, layers: data.layers, groups: data.groups, symbols: this.symbols, base: Object.keys(data.base.layers)},
		    app = document.getElementById('mg-app'), self = this;
		app.hidden = false;
		this.tree = L.layerTree(clock, this.symbols, parts, this.texts, L.bind(this._setLayers, this), {only: this.only.length ? this.only : null});
		this.ground = L.baseMap(base, {part: 'ground'});
		this.districts = L.districtLayer(base, {clock: clock, events: events});
		this.lines = L.baseMap(base, {part: 'lines'});
		this.marks = L.timeStepLayer(clock, parts, {});
		this.names = L.mapNames(base, {clock: clock, avoid: function () { return self.marks.boxes(); }});
		this._layers = [this.ground, this.districts, this.lines, this.names, this.marks];
		this._panel = document.getElementById('mg-panel');
		this._skip = document.querySelector('.mg-skip');
		this.list = L.eventList(clock, this.symbols, data.layers, this.texts);
		this.card = L.eventCard(clock, this.symbols, parts, this.texts, {link: L.bind(this._linkTo, this)});
		this.bar = L.timeStepBar(clock, parts, this.texts, this.ui === 'full' ? {} : {line: Infinity});
		this._chips = L.Texts.make('div.mg-chips');
		this._notice = L.Texts.make('p.mg-notice', {role: 'status'});
		this._tray = L.Texts.make('div.mg-tray');
		this._panel.append(this._handle(), this.list.sentence, this._notice, this._chips, this.list.container, this.card.container);
		document.getElementById('mg-bar').append(this.bar.onAdd(map));
		document.querySelector('.mg-stage').append(this._tray, this._hint());
		if (this.ui === 'full') { this.tree.addTo(map); }
		this._buttons();
		L.control.scale({imperial: false, maxWidth: 110, position: 'bottomleft'}).addTo(map);
	},

	_handle: function () {
		var self = this, start = null;
		return L.Texts.make('button.mg-handle', {type: 'button', 'aria-expanded': 'false', on: {
			click: function () { if (start !== 'dragged') { self._sheet(!self._panel.classList.contains('mg-up')); } start = null; },
			pointerdown: function (e) { start = e.clientY; this.setPointerCapture(e.pointerId); },
			pointermove: function (e) {
				if (typeof start === 'number' && Math.abs(e.clientY - start) > 30) { self._sheet(e.clientY < start); start = 'dragged'; }
			}
		}}, L.Texts.make('span', {}, this.texts.word('list')));
	},

	_sheet: function (up) {
		this._panel.classList.toggle('mg-up', up);
		this._panel.firstChild.setAttribute('aria-expanded', up);
	},

	_hint: function () {
		this._gesture = L.Texts.make('p.mg-gesture', {'aria-hidden': 'true'});
		return this._gesture;
	},

	/** Zoom buttons, and on embeds the one that opens the full page at the same view. */
	_buttons: function () {
		var map = this.map, self = this, make = L.Texts.make, control = L.control({position: 'topright'});
		control.onAdd = function () {
			self._open = make('a.mg-button.mg-float.mg-open', {target: '_blank', rel: 'noopener', href: '?'}, [L.Texts.icon('out', 17), make('span')]);
			self._open.addEventListener('click', function () { self._open.href = location.pathname + '?lang=' + self.language + '#' + self.hash.text(self._hashState()); });
			self._zoom = make('div.mg-zoom', {}, ['plus', 'minus'].map(function (name) {
				return make('button.mg-button', {type: 'button', on: {click: function () {
					self._moved();
					map.setZoom(map.getZoom() + (name === 'plus' ? 0.5 : -0.5));
				}}}, L.Texts.icon(name));
			}));
			var box = make('div.mg-buttons', {}, self.ui === 'compact' ? self._open : self.ui === 'full' ? self._zoom : null);
			L.DomEvent.disableClickPropagation(box);
			return box;
		};
		control.addTo(map);
	},

	// --- Everything that must follow something else ---

	_wire: function () {
		var clock = this.clock, map = this.map, self = this, moved = function () { self._moved(); };
		clock.on('change select rhythm', this._write, this).on('select', this._showCard, this).on('change', this._showTray, this);
		clock.on('moved', function () { self._say(self.texts.word('moved', {date: self.texts.step(clock.index).date})); });
		clock.on('step', function () { self._say(''); });
		map.on('dragstart', moved).on('moveend', this._write, this).on('timestep:open', this._onOpen, this);
		map.getContainer().addEventListener('wheel', L.bind(this._onWheel, this), {capture: true, passive: false});
		map.getContainer().addEventListener('dblclick', moved);
		map.getContainer().addEventListener('keydown', moved);
		window.addEventListener('hashchange', function () { self._apply(self.hash.read(location.hash)); });
		this._skip.addEventListener('click', function (e) {
			e.preventDefault();
			self._sheet(true);
			self.list.focus(clock.selected);
		});
		document.addEventListener('keydown', function (e) { if (e.key === 'Escape' && clock.selected >= 0) { clock.select(-1); } });
		new ResizeObserver(L.bind(this._resize, this)).observe(map.getContainer());
		if (this.framed) {
			map.scrollWheelZoom.disable();
			if (window.matchMedia('(pointer: coarse)').matches) { map.dragging.disable(); }
		}
	},

	_onWheel: function (e) {
		if (this.framed && !e.ctrlKey && !e.metaKey) {
			this._show(this._gesture, this.texts.word('gesture_wheel'));
			return;
		}
		this._moved();
		if (this.framed) {
			e.preventDefault();
			this.map.setZoomAround(this.map.mouseEventToContainerPoint(e), this.map.getZoom() - Math.sign(e.deltaY) * 0.25);
		}
	},

	_show: function (el, text) {
		el.textContent = text;
		el.classList.add('mg-on');
		clearTimeout(this._showing);
		this._showing = setTimeout(function () { el.classList.remove('mg-on'); }, 1600);
	},

	_say: function (text) { this._notice.textContent = text; },

	/** Fits the subject's bounds; a frame that is not shown yet has no size and waits for one. */
	_fit: function () {
		var size = this.map.invalidateSize({animate: false, pan: false}).getSize();
		if (size.x > 20 && size.y > 20) { this.map.fitBounds(this.data.view, {reset: true, padding: [6, 6]}); }
	},

	/** The reader, or an event that was chosen, has moved the map: it stays where it is. */
	_moved: function () {
		this._viewed = true;
		this._named = null;
	},

	/** Takes the size that the frame has now; a view that was named keeps its centre. */
	_resize: function () {
		var named = this._named;
		if (!this._viewed) { this._fit(); return; }
		this.map.invalidateSize({animate: false, pan: false});
		if (named) { this.map.setView([named[1], named[2]], named[0], {reset: true}); }
	},

	_start: function () {
		var self = this, found = this.hash.read(this.root.dataset.state || location.hash);
		this._fit();
		this._relabel();
		this._apply(found);
		this._layers.forEach(function (layer) { layer.addTo(self.map); });
		this._showCard();
		this.api = this._api(new Promise(function (done) {
			L.Util.requestAnimFrame(function () {
				L.Util.requestAnimFrame(function () {
					performance.mark('mapgen-ready');
					done();
				});
			});
		}));
	},

	// --- Language ---

	_relabel: function () {
		var t = this.texts, self = this, head = document.querySelector('.mg-head');
		this.root.lang = t.language;
		this._skip.textContent = t.word('skip');
		document.title = head.querySelector('h1').textContent = t.name(this.data.title);
		head.querySelector('.mg-langs').replaceChildren.apply(head.querySelector('.mg-langs'), this._languageButtons());
		this._fitTitle(head.querySelector('h1'));
		this._panel.firstChild.textContent = '';
		this._panel.firstChild.append(L.Texts.make('span', {}, t.word('list')));
		this._panel.setAttribute('aria-label', t.word('list'));
		this.map.getContainer().setAttribute('aria-label', t.word('map'));
		this.map.getContainer().setAttribute('role', 'region');
		this._open.lastChild.textContent = t.word(window.innerWidth < 480 ? 'open_short' : 'open_full');
		Array.prototype.forEach.call(this._zoom.children, function (button, k) { button.setAttribute('aria-label', t.word(k ? 'zoom_out' : 'zoom_in')); });
		this.bar.relabel();
		if (this.ui === 'full') { this.tree.relabel(); }
		this.list.redraw();
		this._showChips();
		this._showTray();
		if (self.clock.selected >= 0) { this._showCard(); }
	},

	/** Lets a long title shrink a little rather than be cut. */
	_fitTitle: function (title) {
		title.style.fontSize = '';
		if (title.scrollWidth > title.clientWidth) {
			title.style.fontSize = Math.max(13, Math.floor(parseFloat(getComputedStyle(title).fontSize) * title.clientWidth / title.scrollWidth * 10) / 10) + 'px';
		}
	},

	_languageButtons: function () {
		var self = this, out = [];
		this.data.languages.forEach(function (code, k) {
			if (k) { out.push(' · '); }
			out.push(L.Texts.make('button', {type: 'button', lang: code, 'aria-pressed': code === self.language,
				title: self.data.words[code].language, on: {click: function () { self._speak(code, true); }}}, code.toUpperCase()));
		});
		return this.data.languages.length > 1 ? out : [];
	},

	/** Changes the language; what the reader picks is written to the address. */
	_speak: function (code, picked) {
		if (code === this.language) { return; }
		this.language = this.texts.language = code;
		this._relabel();
		if (picked) {
			var query = new URLSearchParams(location.search);
			query.set('lang', code);
			try { history.replaceState(null, '', '?' + query + location.hash); } catch (e) { /* a frame without an address */ }
		}
	},

	// --- Panel ---

	_onOpen: function (e) {
		this._here = e.indices.length > 1 ? e.indices : null;
		if (!e.indices.length) { this.clock.select(-1); } else if (e.indices.indexOf(this.clock.selected) < 0) { this.clock.select(e.indices[0]); }
		else { this._showCard(); }
	},

	_showCard: function () {
		var i = this.clock.selected, open = i >= 0, was = this._panel.classList.contains('mg-has-card');
		this._panel.classList.toggle('mg-has-card', open);
		this.list.setSeen(!open && this.ui === 'full');
		if (!open) {
			this._here = null;
			if (was) { this.list.focus(this.card.index); }
			return;
		}
		if (this._here && this._here.indexOf(i) < 0) { this._here = null; }
		var among = this._here || this.list.shown();
		this.card.show(i, among.indexOf(i) < 0 ? [i] : among, !!this._here);
		this._sheet(true);
		this._reveal(i);
		if (!was || document.activeElement === document.body) { this.card.container.focus({preventScroll: true}); }
	},

	/** Moves the map, once the panel has its size, when the place of event i is outside of what it shows. */
	_reveal: function (i) {
		var events = this.data.events, map = this.map, self = this, point;
		if (events.lon[i] === null || events.precision[i] > 3) { return; }
		point = L.latLng(events.lat[i] / 1e5, events.lon[i] / 1e5);
		L.Util.requestAnimFrame(function () {
			if (map.getBounds().pad(-0.08).contains(point)) { return; }
			self._moved();
			map.panTo(point, {animate: false});
		});
	},

	/** What the map cannot show as a point: counted below it. */
	_showTray: function () {
		var clock = this.clock, events = this.data.events, n = {area: 0, city: 0, none: 0}, t = this.texts;
		for (var i = 0; i < clock.n; i++) {
			if (!clock.state[i]) { continue; }
			var p = events.precision[i];
			if (p < 0) { n.none++; } else if (p > 3) { n.city++; } else if (p > 1) { n.area++; }
		}
		this._tray.replaceChildren.apply(this._tray, Object.keys(n).filter(function (key) { return n[key]; }).map(function (key) {
			return L.Texts.make('span.mg-tray-' + key, {}, t.word('tray.' + key, {n: n[key]}));
		}));
	},

	/** The filters that hide something, each with a button that takes it away. */
	_showChips: function () {
		var self = this, f = this.filter, t = this.texts, chip = function (text, clear) {
			return L.Texts.make('button.mg-chip', {type: 'button', 'aria-label': text + ', ' + t.word('close'), on: {click: function () { clear(); self._filter(); }}},
				[text, L.Texts.icon('close', 12)]);
		}, chips = f.tags.map(function (tag) { return chip(tag, function () { f.tags = f.tags.filter(function (x) { return x !== tag; }); }); });
		if (f.district) { chips.unshift(chip(this._districtName(f.district), function () { f.district = ''; })); }
		if (f.q) { chips.unshift(chip(t.word('quoted', {text: f.q}), function () { f.q = ''; })); }
		this._chips.replaceChildren.apply(this._chips, chips);
	},

	_districtName: function (id) {
		return this.data.districts.name[this._districtAt.get(id)];
	},

	// --- Filters ---

	_setLayers: function (ids) {
		this.filter.layers = ids.length === this.tree.all().length ? null : ids;
		this._filter();
	},

	_filter: function () {
		var f = this.filter, data = this.data, events = data.events, chosen = new Set(f.layers || this.tree.all()), hidden = {}, self = this,
		    layers = data.layers.map(function (l) { return chosen.has(l.id); }), inside = this._inside(f.district),
		    needles = L.Texts.fold(f.q).split(/\s+/).filter(Boolean), tags = f.tags.map(function (tag) { return events.tags.indexOf(tag); });
		Object.keys(data.base.layers).forEach(function (id) { if (!chosen.has('base-' + id)) { hidden[id] = true; } });
		[this.ground, this.lines, this.names].forEach(function (layer) { layer.setHidden(hidden); });
		this.clock.setMask(function (i) {
			return layers[events.layer[i]] && (!inside || inside.has(events.bin[i])) &&
				(!tags.length || tags.some(function (tag) { return events.tag[i].indexOf(tag) >= 0; })) &&
				needles.every(function (needle) { return self.texts.haystack(i).indexOf(needle) >= 0; });
		});
		this.districts.setSelected(f.district || null);
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
			measure: one(function (v) { return v === '' || v === 'events'; }),
			event: one(function (v) { return v === '' || self._indexOfId.has(v); }),
			district: one(function (v) { return v === '' || self._districtAt.has(v); }),
			tags: list(function () { return new Set(events.tags); }),
			mode: one(function (v) { return v === 'sofar' || L.TimeSteps.width(v) > 0; }),
			rhythm: one(function (v) { return ['step', 'day', 'event', 'phase'].indexOf(v) >= 0; }),
			q: one(function (v) { return v.length <= 200 && !/\p{Cs}/u.test(v); }),
			tour: function () { return null; }
		};
	},

	/**
	 * Takes what a hash or `setState` says; keys that are absent go back to their defaults. An event without a date sets
	 * the date; one with a date leaves it, unless it `moves` the clock.
	 */
	_apply: function (s, moves) {
		var f = this.filter, clock = this.clock, view = s.view && L.MapPage.view(s.view), event = s.event ? this._indexOfId.get(s.event) : -1;
		f.layers = s.layers === undefined ? null : s.layers.split(',').filter(Boolean);
		f.district = s.district || '';
		f.tags = (s.tags || '').split(',').filter(Boolean);
		f.q = s.q || '';
		clock.mode = s.mode || 'window-3';
		clock.setRhythm(s.rhythm || 'step');
		this._viewed = !!view;
		this._named = view;
		this._resize();
		clock.index = s.date === undefined ? this.home : Math.max(clock.first(), Math.min(clock.final(), clock.indexOf(s.date)));
		this.tree.choose(f.layers || this.tree.all());
		this._filter();
		if (event >= 0) {
			if (!moves && s.date === undefined && !clock.state[event]) { clock.go(this.data.events.firstStep[event]); }
			clock.selected = -1;
		}
		clock.select(event, !moves);
	},

	/** The state as the hash tells it: defaults are undefined. */
	_hashState: function () {
		var s = this.getState(), all = this.tree.all().join(','), clock = this.clock,
		    // An event that is not visible would set another date, were this one left out.
		    plain = clock.index === this.home && (clock.selected < 0 || clock.state[clock.selected]);
		return {
			date: plain ? undefined : s.at, view: this._viewed ? s.view : undefined,
			layers: s.layers === all ? undefined : s.layers, event: s.event || undefined, district: s.district || undefined,
			tags: s.tags || undefined, mode: s.mode === 'window-3' ? undefined : s.mode, rhythm: s.rhythm === 'step' ? undefined : s.rhythm,
			q: this.filter.q || undefined
		};
	},

	_write: function () {
		if (this.api) { this.hash.write(L.bind(this._hashState, this)); }
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
		L.extend(out, this._counts());
		return L.extend(out, {
			date: at[i], rhythm: clock.rhythm, layers: this.tree.all().filter(function (id) { return this.tree.chosen.has(id); }, this).join(','),
			view: [this.map.getZoom().toFixed(2), centre.lat.toFixed(5), centre.lng.toFixed(5)].join('/'), measure: '',
			event: clock.selected < 0 ? '' : ids[clock.selected], district: this.filter.district, tags: this.filter.tags.join(','), lang: this.language
		});
	},

	_counts: function () {
		var clock = this.clock, events = this.data.events, d = this.data.districts, found = {}, out = {districts: {}}, key, self = this;
		for (var k = 0; k < clock.n; k++) {
			if (!clock.state[k]) { continue; }
			for (key = events.bin[k]; key; key = this._districtAt.has(key) ? d.id[d.parent[this._districtAt.get(key)]] : null) {
				if (!found[key]) { found[key] = {certain: 0, possible: 0}; }
				found[key][clock.state[k] === 2 ? 'certain' : 'possible']++;
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

/** Starts the page on a map; when that fails, says so and leaves the chronology to be read. */
L.mapPage = function (map) {
	try {
		return new L.MapPage(map);
	} catch (error) {
		document.getElementById('mg-app').hidden = true;
		document.getElementById('mg-failed').hidden = false;
		document.documentElement.classList.add('mg-bare');
		throw error;
	}
};
