namespace Relo.Api.Http.Bodies;

/// <summary>A response body is longer than its limit. Thrown while it is measured, before anything is sent.</summary>
internal sealed class BodyTooLongException : Exception;
