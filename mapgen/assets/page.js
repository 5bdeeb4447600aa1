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
		this.data = L.MapPage.data();
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
		this.only = ask('only').split(',').filter(function (id) { return !id.indexOf('base-') || self.data.layers.some(function (l) { return l.id === id; }); });
		this.framed = window.self !== window.top;
		this.root.classList.add('mg-' + this.ui);
		this.root.classList.toggle('mg-framed', this.framed);
		this._dark = window.matchMedia('(prefers-color-scheme: dark)');
		this._dark.addEventListener('change', function () { self._setTheme(); });
		this._forced = window.matchMedia('(forced-colors: active)');
		this._setTheme();
	},

	_readersLanguage: function () {
		var known = this.data.languages, wanted = (navigator.languages || []).map(function (code) { return code.slice(0, 2).toLowerCase(); });
		return wanted.find(function (code) { return known.indexOf(code) >= 0; }) || known[0];
	},

	_setTheme: function () {
		// Paper is white. A reader's own few colours come before what the page was asked for.
		var theme = this._forced.matches ? 'auto' : this.theme, dark = !this._printing && (theme === 'dark' || theme === 'auto' && this._dark.matches);
		if (this.symbols) { this.symbols.clear(); }
		this.root.dataset.theme = dark ? 'dark' : 'light';
		(this._layers || []).forEach(function (layer) { layer.retheme(); });
		if (this.bar) { this.bar.retheme(); }
	},

	// --- Parts ---

	_prepare: function () {
		var data = this.data, events = data.events, clock;
		events.bin = events.bin.map(function (k) { return events.bins[k]; });
		this.texts = L.texts(data, function () { return L.MapPage.attempt(L.MapPage.texts); }, this.language);
		clock = this.clock = this.map.timeSteps = L.timeSteps(data.steps, events, data.phases, {});
		clock.options.from = this.limits.from ? Math.max(0, clock.indexOf(this.limits.from)) : 0;
		clock.options.to = this.limits.to && clock.indexOf(this.limits.to) >= 0 ? clock.indexOf(this.limits.to) : clock.count - 1;
		this.home = Math.max(clock.first(), Math.min(clock.final(), clock.indexOf(data.openAt)));
		clock.index = this.home;
		clock._look();
		this.symbols = L.symbols(data.symbols);
		this.filter = {layers: null, district: '', tags: [], q: ''};
		this.measures = L.measures(data, clock, this.texts);
		this.measure = '';
		this._indexOfId = new Map(events.id.map(function (id, i) { return [id, i]; }));
		this._districtAt = new Map(data.districts.id.map(function (id, i) { return [id, i]; }));
		this.hash = L.hashState(this._checks());
	},

	_build: function () {
		var data = this.data, map = this.map, clock = this.clock, base = L.baseMapData(data.base), events = data.events,
		    parts = {events: events, layers: data.layers, groups: data.groups, symbols: this.symbols, levels: data.districts.levels, base: Object.keys(data.base.layers).concat(data.zones ? ['zones'] : [])},
		    app = document.getElementById('mg-app'), self = this;
		app.hidden = false;
		this.tree = L.layerTree(clock, this.symbols, parts, this.texts, L.bind(this._setLayers, this), {
			only: this.only.length ? this.only : null, menus: function () { return [self._themeMenu(), [self.key.menu(), self.pointer.menu(self.filter.district)]]; }
		});
		this.ground = L.baseMap(base, {part: 'ground'});
		this.zones = data.zones ? ['ground', 'line'].map(function (part) { return L.zoneLayer(base, data.zones, {part: part, clock: clock}); }) : [];
		this.districts = L.districtLayer(base, {clock: clock, events: events});
		this.lines = L.baseMap(base, {part: 'lines'});
		this.marks = L.timeStepLayer(clock, parts, {
			crosses: this.zones.length ? function (ax, ay, bx, by) { return self.zones[0].crosses(ax, ay, bx, by); } : null
		});
		this.names = L.mapNames(base, {
			clock: clock, avoid: function () { return self.marks.boxes(); }, under: function (latlng) {
				return self.districts.colourAt(latlng) || (self.zones.length && self.zones[0].covers(latlng) ? self.zones[0].token('washed') : null);
			}
		});
		this.key = L.districtKey(this.measures, this.texts, L.bind(this._setMeasure, this), {choose: this.ui === 'full'});
		this.pointer = L.districtPointer(this.districts, this.measures, this.texts, L.bind(this._setDistrict, this));
		// In the order in which they lie over each other.
		this._layers = [this.ground].concat(this.zones.slice(0, 1), this.districts, this.lines, this.zones.slice(1), this.names, this.marks);
		this._panel = document.getElementById('mg-panel');
		this._skip = document.querySelector('.mg-skip');
		this.list = L.eventList(clock, this.symbols, data.layers, this.texts);
		this.share = L.sharePanel(data, clock, this.texts, {
			address: L.bind(this.address, this), known: this.addressed, shown: L.bind(this.list.shown, this.list)
		});
		this.card = L.eventCard(clock, this.symbols, parts, this.texts, {
			link: L.bind(this._linkTo, this), choose: L.bind(this._choose, this), report: data.report,
			cite: function (i) { return self.share.citationOf(i, self.addressed() ? self._linkTo(i) : ''); },
			tag: function (tag) { self.filter.tags = [tag]; self._filter(); clock.select(-1); }
		});
		this.bar = L.timeStepBar(clock, parts, this.texts, this.ui === 'full' ? {spoken: false} : {line: Infinity});
		this._chips = L.Texts.make('div.mg-chips');
		this._figures = L.Texts.make('div.mg-figures');
		this._notice = L.Texts.make('p.mg-notice', {role: 'status'});
		this._tray = L.Texts.make('div.mg-tray');
		this._tourBox();
		this._finder();
		this._panel.append(this._handle(), this._find, this._tourPart, this._lead, this._notice, this._chips, this._figures, this.list.container, this.search.container,
			this.changes.container, this.card.container);
		document.getElementById('mg-bar').append(this.bar.onAdd(map));
		document.querySelector('.mg-stage').append(this._folder(), this._tray, this.pointer.line, this._hint());
		if (this.ui === 'full') { this.tree.addTo(map); }
		this.key.addTo(map);
		this._zoneKey();
		this._paper();
		if (this.ui !== 'none') { this.pointer.addTo(map); }
		this._buttons();
		if (this.ui === 'full') { this.share.addTo(map); }
		this._scale();
		this._heed();
	},

	/** A scale in metres, and that north is up. */
	_scale: function () {
		var scale = this._ruler = L.control.scale({imperial: false, maxWidth: 110, position: 'bottomleft'}), t = this.texts;
		// Leaflet's own writes its units in one language.
		scale._updateMetric = function (most) {
			var m = this._getRoundNum(most), far = m >= 1000;
			this._updateScale(this._mScale, t.word(far ? 'km' : 'm', {n: t.number(far ? m / 1000 : m)}), m / most);
		};
		scale.addTo(this.map);
		this._north = L.Texts.make('span.mg-north', {role: 'img'}, [L.Texts.icon('north', 15), L.Texts.make('span')]);
		scale.getContainer().prepend(this._north);
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

	/** The tab at the panel's edge that gives its room to the map, and takes it back. */
	_folder: function () {
		this._fold = L.Texts.make('button.mg-button.mg-fold', {type: 'button', 'aria-controls': 'mg-panel', 'aria-expanded': 'true', on: {
			click: L.bind(function () { this._setFolded(!this.root.classList.contains('mg-folded')); }, this)
		}}, L.Texts.icon('previous', 14));
		return this._fold;
	},

	_setFolded: function (on) {
		this.root.classList.toggle('mg-folded', on);
		this._fold.setAttribute('aria-expanded', !on);
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
		clock.on('change select rhythm', this._write, this).on('select', this._showCard, this).on('change', this._showTray, this).on('change', this._recolour, this);
		clock.on('moved', function () { self._say(self.texts.word('moved', {date: self.texts.step(clock.index).date})); });
		clock.on('step', function () { self._say(''); });
		map.on('dragstart', moved).on('moveend', this._write, this).on('timestep:open', this._onOpen, this);
		map.getContainer().addEventListener('wheel', L.bind(this._onWheel, this), {capture: true, passive: false});
		map.getContainer().addEventListener('dblclick', moved);
		map.getContainer().addEventListener('keydown', function (e) { if (e.target === this && /^(Arrow|[-+=_])/.test(e.key)) { moved(); } });
		// A write that was due may have put the old state there by now.
		window.addEventListener('hashchange', function (e) { self._apply(self.hash.read(new URL(e.newURL).hash)); });
		this._skip.addEventListener('click', function (e) {
			e.preventDefault();
			self._sheet(true);
			self.list.focus(clock.selected);
		});
		document.addEventListener('keydown', function (e) {
			if (e.key !== 'Escape' || e.target === self.search.field) { return; }
			if (clock.selected >= 0) { clock.select(-1); } else if (self.changes.open) { self._showChanges(false); }
		});
		new ResizeObserver(L.bind(this._resize, this)).observe(map.getContainer());
		if (this.framed) {
			map.scrollWheelZoom.disable();
			if (window.matchMedia('(pointer: coarse)').matches) {
				map.dragging.disable();
				map.getContainer().addEventListener('touchmove', function (e) {
					if (e.touches.length === 1) { self._show(self._gesture, self.texts.word('gesture')); }
				}, {passive: true});
			}
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
		if (size.x > 20 && size.y > 20) { this.map.fitBounds(this.data.view, L.extend({reset: true}, this._room(size))); }
	},

	/** What is kept free around the bounds: a margin, and the room that the legend of a measure takes. */
	_room: function (size) {
		var key = this.key.getContainer(), beside = size.x > size.y;
		if (!this.measure || !key.offsetWidth) { return this.ui === 'compact' ? {paddingTopLeft: [6, 44], paddingBottomRight: [6, 6]} : {padding: size.x > 900 ? [10, 26] : [6, 6]}; }
		return {paddingTopLeft: [6, 6], paddingBottomRight: beside ? [Math.min(size.x / 2, key.offsetWidth + 28), 6] : [6, Math.min(size.y / 2, key.offsetHeight + 44)]};
	},

	/** The reader, or an event that was chosen, has moved the map: it stays where it is. */
	_moved: function () {
		this._viewed = true;
		this._near = false;
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
		this.api = this._api(new Promise(function (done) {
			L.Util.requestAnimFrame(function () { L.Util.requestAnimFrame(done); });
		}).then(function () {
			performance.mark('mapgen-ready');
			// The map comes first: a large chronology takes a moment to open.
			if (self.clock.selected < 0) { L.MapPage.attempt(function () { self._showCard(); }); }
		}));
	}
});
