namespace Relo.Api.Http.Uploads;

/// <summary>On a route: the body it takes.</summary>
internal sealed record TakenUpload(Upload Upload);
