frappe.listview_settings["WuzAPI Contact"] = {
	hide_name_column: true,
	add_fields: ["is_group"],
	get_indicator(doc) {
		return doc.is_group ? [__("Group"), "purple", "is_group,=,1"] : [__("Person"), "blue", "is_group,=,0"];
	},
};
