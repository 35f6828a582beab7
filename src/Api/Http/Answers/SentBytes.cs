namespace Relo.Api.Http.Answers;

/// <summary>Metadata of a route that sends bytes with a digest, to GET and to HEAD.</summary>
internal sealed record SentBytes(string MediaType);
