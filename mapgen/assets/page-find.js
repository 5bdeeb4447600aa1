/* Search and changes on L.MapPage: what stands in the panel instead of the list. */
L.MapPage.include({

	/** Makes the row with search and tour, the results, and the list of changes. */
	_finder: function () {
		var self = this, make = L.Texts.make;
		this.search = L.eventSearch(this.list, {
			choose: function (i) { self._choose(i); },
			only: function (text) {
				self.search.clear();
				self.filter.q = text;
				self._filter();
				self.list.focus(-1);
			},
			change: function (open) {
				self._turn('results', open);
				if (!open && document.activeElement !== self.search.field) { self._panel.classList.remove('mg-looks'); }
			}
		});
		this.changes = L.changeList(this.list, {
			close: function () { self._showChanges(false); }, choose: function (i) { self._choose(i); },
			counts: function (mode, step) { return self.countsOn(mode, step).districts; },
			top: this.data.districts.id.filter(function (id, i) { return self.data.districts.parent[i] < 0; }), district: function (id) { return self.texts.district(id); }
		});
		this._find = make('div.mg-find', {role: 'search'}, [this.search.box, this._tourStart]);
		this._finding = make('button.mg-button.mg-plain.mg-finding', {type: 'button', on: {click: function () {
			self._sheet(true);
			self._panel.classList.add('mg-looks');
			self.search.field.focus();
		}}}, L.Texts.icon('search', 20));
		// Not at once: what was pressed must not move away from under the finger.
		this.search.field.addEventListener('blur', function () { setTimeout(function () { if (!self.search.field.value && document.activeElement !== self.search.field) { self._panel.classList.remove('mg-looks'); } }, 250); });
		document.querySelector('.mg-head').append(this._finding);
		this._changing = make('button.mg-changing', {type: 'button', on: {click: function () { self._showChanges(true); }}});
		this._sharing = make('button.mg-changing.mg-sharing', {type: 'button', on: {click: function () {
			self._sheet(false);
			self.share.toggle();
		}}});
		this._lead = make('div.mg-lead', {}, [this.list.told, make('div.mg-told-acts', {}, [this._changing, this._sharing])]);
		var narrow = window.matchMedia('(max-width: 899.98px)'), place = function () { (narrow.matches ? self._sharing : self.search.box).after(self._tourStart); };
		narrow.addEventListener('change', place);
		place();
	},

	_relabelFinder: function () {
		this.search.relabel();
		this.changes.relabel();
		this._changing.textContent = this.texts.word('changes.name');
		this._sharing.textContent = this.texts.word('share.short');
		this._finding.setAttribute('aria-label', this.texts.word('search.field'));
	},

	/** The menu of themes, tags that have a name: a label and a native select; nothing where the subject names none. */
	_themeMenu: function () {
		var make = L.Texts.make, t = this.texts, self = this, tags = this.data.events.tags, count = function (k) {
			return self.data.events.tag.filter(function (own) { return own.indexOf(k) >= 0; }).length;
		}, themes = tags.map(function (tag, k) { return {tag: tag, name: t.tag(k), n: count(k)}; }).filter(function (theme) { return theme.name && theme.n; }), select;
		if (!themes.length) { return []; }
		themes.sort(function (a, b) { return a.name.localeCompare(b.name, t.language); });
		select = make('select', {on: {change: function () {
			self.filter.tags = select.value ? [select.value] : [];
			self._filter();
		}}}, [make('option', {value: ''}, t.word('themes'))].concat(themes.map(function (theme) { return make('option', {value: theme.tag}, theme.name + ' (' + theme.n + ')'); })));
		select.value = this.filter.tags.length === 1 && this.filter.tags[0] || '';
		return [make('label.mg-choose', {}, [make('span', {}, t.word('theme')), select])];
	},

	/** Opens an event that was chosen somewhere else than on the map; filters that would hide it are lifted. */
	_choose: function (i) {
		var f = this.filter, hidden = !this.clock.mask[i];
		if (hidden) {
			f.layers = null;
			f.district = f.q = '';
			f.tags = [];
			this.tree.choose(this.tree.all());
			this._filter();
		}
		this._here = null;
		this.clock.select(i);
		if (hidden) { this._say(this.texts.word('lifted')); }
	},

	/** Shows one thing instead of the list, or the list again. */
	_turn: function (name, on) {
		this._panel.classList.toggle('mg-has-' + name, on);
		if (on) { this._sheet(true); }
		this._seeList();
	},

	/** Whether the list can be seen: an unseen one is not drawn. */
	_seeList: function () {
		var has = this._panel.classList;
		this.list.setSeen(this.ui === 'full' && !['card', 'results', 'changes'].some(function (name) { return has.contains('mg-has-' + name); }));
	},

	_showChanges: function (on) {
		this.changes.show(on);
		this._turn('changes', on);
		(on ? this.changes.container : this._changing).focus({preventScroll: true});
	}
});
