namespace Relo.Api.Http.Answers;

/// <summary>On a route: it sends bytes with a digest, to GET and to HEAD.</summary>
internal sealed record SentBytes(string MediaType);
