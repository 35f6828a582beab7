namespace Relo.Api.Http.Uploads;

/// <summary>Metadata of a route: what it takes as its body.</summary>
internal sealed record TakenUpload(Upload Upload);
