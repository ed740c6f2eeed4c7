"""The pages and the API: server-rendered, working without JavaScript; a route only calls the desk."""
