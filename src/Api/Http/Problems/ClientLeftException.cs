namespace Relo.Api.Http.Problems;

/// <summary>The connection was lost while the request's body was read. Nobody reads the response; the log shows 499.</summary>
internal sealed class ClientLeftException(Exception inner) : Exception("the client disconnected", inner);
